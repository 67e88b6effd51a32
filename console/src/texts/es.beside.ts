// Who else has the same thing open, and what can be undone.

export const beside = {
  label: 'Quién más está acá',
  looking: (names: string, many: boolean) => `${names} ${many ? 'están' : 'está'} mirando`,
  note: (name: string) => `${name} está escribiendo una nota…`,
  reply: (name: string) => `${name} está escribiendo una respuesta…`,
  and: 'y',
  others: (count: number) => (count === 1 ? '1 persona más' : `${count} personas más`),
  both: (name: string) => `${name} también está escribiendo al cliente. Conviene ponerse de acuerdo antes de enviar.`,
  alone: (name: string) => `${name} está escribiendo una respuesta al cliente.`,
  answered: (name: string) => `${name} respondió mientras escribías: revisar antes de enviar.`,
  somebody: 'Otra persona',
  review: 'Ya lo vi',
  sendAnyway: 'Enviar igual',
  waiting: 'Sin conexión: se envía al volver',
}

export const undo = {
  label: 'Avisos',
  button: 'Deshacer',
  undoing: 'Deshaciendo…',
  undone: 'Deshecho.',
  failed: 'No se pudo deshacer.',
  rolledBack: 'No se hizo:',
  dismiss: 'Cerrar el aviso',
  resolved: (name: string | null) => (name ? `Conversación con ${name} resuelta.` : 'Conversación resuelta.'),
  alertDone: 'Aviso marcado como hecho.',
  requestDone: 'Pedido marcado como hecho.',
  priority: (word: string) => `Prioridad: ${word}.`,
}
