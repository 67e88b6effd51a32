// The sentences of the newcomer page, where the reader is a visitor.

export const demo = {
  title: 'Probá el asistente',
  intro:
    'Así se ve el chat en el sitio de un hotel. Escribile, mandale una nota de voz o tocá el teléfono para llamarlo: lo que pase acá se ve al instante en la consola.',
  toConsole: 'Ir a la consola',
  hotel: 'Hotel Mirador del Río',
  site: {
    label: 'Sitio de ejemplo',
    address: 'www.mirador.example',
    tagline: 'Frente al Paraná, en el corazón de Rosario.',
    ask: 'Consultar disponibilidad',
    askSays: 'Hola, quiero saber si hay lugar',
    rooms: [
      { name: 'Doble', what: 'Para dos, con desayuno' },
      { name: 'Suite con vista al río', what: 'Balcón y bañera' },
      { name: 'Departamento familiar', what: 'Hasta cinco personas' },
    ],
  },
  embed: {
    title: 'Ponelo en tu sitio',
    help: 'Una línea antes de cerrar el cuerpo de la página. Qué sitios pueden mostrarlo se configura en el servidor.',
  },
  examples: {
    title: 'Probá esto primero',
    help: 'Tocá una frase para enviarla.',
    items: [
      'Hola, quiero una habitación doble del 5 al 7 de diciembre para dos personas',
      'Mejor del 5 al 8 y somos tres',
      '¿Tienen cochera y se puede ir con perro?',
      'Quiero hablar con una persona',
    ],
  },
  team: {
    title: 'Ahora, del otro lado',
    help: 'Abrí la consola en otra ventana, tomá el control de tu conversación y respondé como recepción.',
    open: 'Abrir la consola',
    users: 'Usuarios de prueba',
    list: [
      { email: 'recepcion@demo.relevo', role: 'Agente' },
      { email: 'supervisor@demo.relevo', role: 'Supervisión' },
      { email: 'direccion@demo.relevo', role: 'Dirección' },
      { email: 'admin@demo.relevo', role: 'Administración' },
    ],
    password: 'La contraseña es la que se mostró al arrancar el servidor.',
  },
}
