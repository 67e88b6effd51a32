// How a conversation will be if the server agrees, shown until it has answered. Pure.

import type { Conversation, User } from './schema'

export type Step = 'take_over' | 'hand_back' | 'resolve' | 'reopen'

export function guessed(conversation: Conversation, step: Step, me: User): Conversation {
  // What may be done follows from who holds it; the server says it again.
  const { actions: _actions, ...known } = conversation
  if (step === 'take_over') return { ...known, control: 'agent', agent: { id: me.id, name: me.name } }
  if (step === 'resolve') return { ...known, control: 'closed', agent: null }
  if (step === 'hand_back') return { ...known, control: 'bot', agent: null }
  return conversation
}
