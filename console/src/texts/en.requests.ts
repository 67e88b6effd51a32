import type { requests as spanish } from './es.requests'

export const requests: typeof spanish = {
  title: 'Guests’ requests',
  none: 'No requests pending.',
  noneHint: 'Transfers, groups, invoices and other needs taken by the assistant appear here.',
  noneOfBooking: 'Nothing asked for on this booking.',
  conversation: 'Conversation',
  done: 'Done',
  decline: 'Not possible',
  lineLabel: 'Message to the guest',
  lineHelp: 'It goes out in their conversation, exactly as written.',
  lineOptional: 'With no text, nothing is sent to them.',
  lineNeeded: 'A “not possible” needs words for the guest.',
  unreachable: 'This conversation cannot be written to now: tell them some other way and mark it all the same.',
  send: 'Send and close',
  close: 'Close without writing',
  doneLine: {
    transport: 'Listo: tu traslado está coordinado.',
    groups: 'Ya tenemos tu presupuesto: te lo enviamos enseguida.',
    special_needs: 'Listo: ya está todo preparado.',
    invoicing: 'Listo: tomamos los datos de tu factura.',
    loyalty: 'Listo: tu beneficio queda aplicado.',
    other: 'Listo: ya está coordinado.',
  },
  states: { open: 'Pending', done: 'Done', declined: 'Not possible' },
  answered: (name, when) => `${name}, ${when}`,
  nameless: 'No name',
}
