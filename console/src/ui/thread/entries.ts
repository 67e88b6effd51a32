// How a list of messages becomes what is drawn: days apart, the same voice together. Pure.

import type { Partials } from '../../api/merge'
import type { Message } from '../../api/schema'

export type Entry =
  | { type: 'day'; key: string; at: string }
  | { type: 'event'; key: string; message: Message }
  | { type: 'message'; key: string; message: Message; first: boolean; last: boolean }

const TOGETHER = 3 * 60_000

function sameDay(a: string, b: string): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}

function sameVoice(a: Message | undefined, b: Message | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.kind === b.kind &&
    a.kind === 'text' &&
    a.author === b.author &&
    a.author_name === b.author_name &&
    Math.abs(Date.parse(a.at) - Date.parse(b.at)) < TOGETHER &&
    sameDay(a.at, b.at)
  )
}

export function entries(messages: readonly Message[]): Entry[] {
  const made: Entry[] = []
  messages.forEach((message, at) => {
    const before = messages[at - 1]
    const after = messages[at + 1]
    if (!before || !sameDay(before.at, message.at)) made.push({ type: 'day', key: `day-${message.id}`, at: message.at })
    if (message.kind === 'event') {
      made.push({ type: 'event', key: message.id, message })
    } else {
      const first = !sameVoice(before, message)
      made.push({ type: 'message', key: message.id, message, first, last: !sameVoice(message, after) })
    }
  })
  return made
}

export type Tone = 'customer' | 'bot' | 'agent' | 'house' | 'note' | 'suggestion'

export function toneOf(message: Pick<Message, 'kind' | 'author'>): Tone {
  if (message.kind === 'note' || message.kind === 'suggestion') return message.kind
  return message.author === 'system' ? 'house' : message.author
}

/** Words that are still coming: those that already stand in the thread, whole or cut short, are not said twice. */
export function comingWords(partials: Partials, messages: readonly Message[]): [keyof Partials, string][] {
  return (Object.entries(partials) as [keyof Partials, string][]).filter(([author, text]) => {
    const last = messages.findLast(message => message.author === author && message.kind === 'text')
    if (!text || last?.text === text) return false
    return !(author === 'bot' && last && last.text !== '' && text.startsWith(last.text))
  })
}
