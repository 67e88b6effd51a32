// What the supervisor's room counts and in which order it shows things. Pure.

import { voiceOf } from '../../api/callState'
import type { Call } from '../../api/schema'
import type { QueueEntry } from '../../api/schema.queues'

export type RoomCounts = { queued: number; bot: number; held: number }

export function roomCounts(calls: readonly Call[]): RoomCounts {
  const of = (control: Call['control']) => calls.filter(call => call.control === control).length
  return { queued: of('queued'), bot: of('bot'), held: of('agent') }
}

/** Who asks for help first, longest first; then who waits, then people's calls, then the assistant's. */
export function roomOrder(calls: readonly Call[]): Call[] {
  return [...calls].sort((a, b) => rank(a) - rank(b) || Date.parse(begun(a)) - Date.parse(begun(b)))
}

/** Those whom nobody has taken yet, the longest first. */
export function waitingEntries(entries: readonly QueueEntry[]): QueueEntry[] {
  return entries
    .filter(entry => entry.state === 'waiting' || entry.state === 'offered')
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since))
}

/** What was promised to somebody who still waits, and is broken or about to be. */
export function lateness(entries: readonly QueueEntry[]): 'broken' | 'at_risk' | null {
  const states = waitingEntries(entries).flatMap(entry => entry.clocks.map(clock => clock.state))
  return states.includes('broken') ? 'broken' : states.includes('at_risk') ? 'at_risk' : null
}

export function helpCalls(calls: readonly Call[]): Call[] {
  return calls
    .filter(call => voiceOf(call).help)
    .sort((a, b) => (voiceOf(a).help?.at ?? '').localeCompare(voiceOf(b).help?.at ?? ''))
}

function rank(call: Call): number {
  if (voiceOf(call).help) return 0
  return call.control === 'queued' ? 1 : call.control === 'agent' ? 2 : 3
}

function begun(call: Call): string {
  return call.answered_at ?? call.started_at
}
