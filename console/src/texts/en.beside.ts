import type { beside as esBeside, undo as esUndo } from './es.beside'

export const beside: typeof esBeside = {
  label: 'Who else is here',
  looking: (names, many) => `${names} ${many ? 'are' : 'is'} looking`,
  note: name => `${name} is writing a note…`,
  reply: name => `${name} is writing a reply…`,
  and: 'and',
  others: count => (count === 1 ? '1 more' : `${count} more`),
  both: name => `${name} is writing to the customer too. Better agree on it before sending.`,
  alone: name => `${name} is writing a reply to the customer.`,
  answered: name => `${name} replied while you were writing: check before sending.`,
  somebody: 'Somebody else',
  review: 'Seen',
  sendAnyway: 'Send anyway',
  waiting: 'No connection: it is sent when it is back',
}

export const undo: typeof esUndo = {
  label: 'Notices',
  button: 'Undo',
  undoing: 'Undoing…',
  undone: 'Undone.',
  failed: 'It could not be undone.',
  rolledBack: 'Not done:',
  dismiss: 'Close the notice',
  resolved: name => (name ? `Conversation with ${name} resolved.` : 'Conversation resolved.'),
  alertDone: 'Alert marked as done.',
  requestDone: 'Request marked as done.',
  priority: word => `Priority: ${word}.`,
}
