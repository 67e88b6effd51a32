// What the server tells to many at once comes in the house's language. Here it is told again in that of the reader; a
// house whose language this is has nothing here, and its own words stand.

import type { Message } from '../api/schema'
import { inLanguage } from './language'

export type Told = {
  events: Readonly<Record<string, string>>
  reasons: Readonly<Record<string, string>>
  pauses: Readonly<Record<string, string>>
  words: Readonly<Record<string, string>>
}

const NOTHING: Told = { events: {}, reasons: {}, pauses: {}, words: {} }

const told = await inLanguage(NOTHING, () => import('./told.en').then(module => module.told))

export function toldEvent(message: Pick<Message, 'text' | 'meta' | 'author_name'>, known: Told = told): string {
  const sentence = known.events[message.meta.event ?? '']
  if (!sentence) return message.text
  const { reason, note, said } = message.meta
  const given: Record<string, string | undefined> = {
    ...(message.author_name && { name: message.author_name }),
    ...(note && { note }),
    ...said,
    ...(reason && known.reasons[reason] && { why: known.reasons[reason] }),
  }
  const gaps = [...sentence.matchAll(/\{(\w+)\}/g)].map(match => match[1] ?? '')
  // What came without its words is better in another language than with gaps.
  if (gaps.some(gap => given[gap] === undefined && gap !== 'note' && gap !== 'comment')) return message.text
  return sentence.replace(/\{(\w+)\}/g, (_, gap: string) => known.words[given[gap] ?? ''] ?? given[gap] ?? '').trim()
}

/** Why a person is needed. A reason that is no code is words already. */
export function toldReason(code: string | null | undefined, text: string | null | undefined): string | null {
  return told.reasons[code ?? ''] ?? text ?? code ?? null
}

/** What a break is for. */
export function toldPause(code: string | null | undefined, name: string | null | undefined): string | null {
  return told.pauses[code ?? ''] ?? name ?? null
}
