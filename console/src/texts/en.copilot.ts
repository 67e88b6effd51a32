import type { copilot as spanish } from './es.copilot'

export const copilot: typeof spanish = {
  title: 'Copilot',
  suggestions: 'Suggested replies',
  none: 'Nothing to suggest for now.',
  use: 'Use',
  useHelp: 'Copies it to the message. It is not sent by itself.',
  objection: 'Objection',
  facts: 'Facts',
  summary: 'Summary',
  asNote: 'Make it an internal note',
  model: 'From the language model',
  modelChoice: 'Language model',
  writing: 'Writing…',
  nothing: 'None of its proposals kept to the facts.',
  again: 'Ask for others',
  failed: 'The copilot is not available. The conversation goes on as usual.',
}
