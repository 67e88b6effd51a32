// What guests ask the house for, and how it is answered.

export const requests = {
  title: 'Pedidos de huéspedes',
  none: 'Ningún pedido pendiente.',
  noneHint: 'Traslados, grupos, facturas y otras necesidades que tome el asistente aparecen acá.',
  noneOfBooking: 'Nada pedido para esta reserva.',
  conversation: 'Conversación',
  done: 'Hecho',
  decline: 'No se puede',
  lineLabel: 'Mensaje para el huésped',
  lineHelp: 'Sale en su conversación, tal como queda escrito.',
  lineOptional: 'Sin texto no se le escribe.',
  lineNeeded: 'Un «no se puede» necesita palabras para el huésped.',
  unreachable: 'A esta conversación no se le puede escribir ahora: avisar por otro medio y marcarlo igual.',
  send: 'Enviar y cerrar',
  close: 'Cerrar sin escribir',
  doneLine: {
    transport: 'Listo: tu traslado está coordinado.',
    groups: 'Ya tenemos tu presupuesto: te lo enviamos enseguida.',
    special_needs: 'Listo: ya está todo preparado.',
    invoicing: 'Listo: tomamos los datos de tu factura.',
    loyalty: 'Listo: tu beneficio queda aplicado.',
    other: 'Listo: ya está coordinado.',
  } as Record<string, string>,
  states: { open: 'Pendiente', done: 'Hecho', declined: 'No se pudo' },
  answered: (name: string, when: string) => `${name}, ${when}`,
  nameless: 'Sin nombre',
}
