// Which call belongs in which part of the desk: each in one place, the most pressing first. Pure.

import { isMine, ringFor, roleIn, type Seat } from '../../api/callState'
import type { Call } from '../../api/schema'

export const SECTIONS = ['ringing', 'queued', 'mine', 'bot', 'others'] as const
export type Section = (typeof SECTIONS)[number]

export function sectionOf(call: Call, meId: string, seat: Seat | null): Section {
  if (ringFor(call, meId)) return 'ringing'
  if (isMine(call, meId) || roleIn(call, meId, seat) !== null) return 'mine'
  if (call.control === 'queued') return 'queued'
  return call.control === 'agent' ? 'others' : 'bot'
}

/** Who has waited longest comes first, everywhere: the oldest call is the one that needs a look. */
export function deskSections(calls: readonly Call[], meId: string, seat: Seat | null = null): Record<Section, Call[]> {
  const made: Record<Section, Call[]> = { ringing: [], queued: [], mine: [], bot: [], others: [] }
  for (const call of calls) {
    if (call.status !== 'ended') made[sectionOf(call, meId, seat)].push(call)
  }
  for (const name of SECTIONS) made[name].sort((a, b) => waitStart(a) - waitStart(b))
  return made
}

export function waitStart(call: Call): number {
  return Date.parse(call.queued_at ?? call.answered_at ?? call.started_at)
}

export type Age = 'fresh' | 'long' | 'late'

export function waitAge(seconds: number): Age {
  return seconds >= 180 ? 'late' : seconds >= 60 ? 'long' : 'fresh'
}
