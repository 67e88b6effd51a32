// Whether a colleague has answered the customer since one began to write. Pure.

import type { Message } from '../../api/schema'

/** Who answered last since `seen`; null: nobody but oneself. `''`: somebody without a name. */
export function answeredSince(messages: readonly Message[], seen: number, me: { name: string }): string | null {
  const answers = messages.filter(
    message => message.seq > seen && message.author === 'agent' && message.kind === 'text' && !isOwn(message, me),
  )
  return answers.length > 0 ? (answers[answers.length - 1]?.author_name ?? '') : null
}

function isOwn(message: Message, me: { name: string }): boolean {
  return message.author_name === me.name
}

export function lastSeq(messages: readonly Message[]): number {
  return messages.reduce((last, message) => Math.max(last, message.seq), 0)
}
