import type { demo as spanish } from './es.demo'

export const demo: typeof spanish = {
  title: 'Try the assistant',
  intro:
    'This is how the chat looks on a hotel’s site. Write to it, send it a voice note or touch the telephone to call it: what happens here shows in the console at once.',
  toConsole: 'Go to the console',
  hotel: 'Hotel Mirador del Río',
  site: {
    label: 'Sample site',
    address: 'www.mirador.example',
    tagline: 'Facing the Paraná, in the heart of Rosario.',
    ask: 'Ask for availability',
    askSays: 'Hola, quiero saber si hay lugar',
    rooms: [
      { name: 'Double', what: 'For two, breakfast included' },
      { name: 'Suite with river view', what: 'Balcony and bathtub' },
      { name: 'Family apartment', what: 'Up to five people' },
    ],
  },
  embed: {
    title: 'Put it on your site',
    help: 'One line before the end of the body of the page. Which sites may show it is set on the server.',
  },
  examples: {
    title: 'Try this first',
    help: 'Touch a sentence to send it. The assistant of this sample hotel speaks Spanish.',
    items: [
      'Hola, quiero una habitación doble del 5 al 7 de diciembre para dos personas',
      'Mejor del 5 al 8 y somos tres',
      '¿Tienen cochera y se puede ir con perro?',
      'Quiero hablar con una persona',
    ],
  },
  team: {
    title: 'Now, from the other side',
    help: 'Open the console in another window, take over your conversation and reply as the front desk.',
    open: 'Open the console',
    users: 'Trial users',
    list: [
      { email: 'recepcion@demo.relevo', role: 'Agent' },
      { email: 'supervisor@demo.relevo', role: 'Supervisor' },
      { email: 'direccion@demo.relevo', role: 'Management' },
      { email: 'admin@demo.relevo', role: 'Administrator' },
    ],
    password: 'The password is the one shown when the server started.',
  },
}
