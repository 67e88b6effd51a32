// What the screen on the wall shows, and of what nothing: no customer has a name there. Pure.

import { voiceOf } from '../../api/callState'
import { STATES, type StateName, type TeamMember } from '../../api/presenceState'
import type { Call } from '../../api/schema'
import type { QueueEntry, QueueFigures } from '../../api/schema.queues'
import { helpCalls, lateness, roomOrder } from './rooms'

export type Wall = {
  waiting: number
  /** When the one who has waited longest began to. */
  since: number | null
  sla: number | null
  abandoned: number | null
  late: 'broken' | 'at_risk' | null
  states: { state: StateName; count: number }[]
  calls: { id: string; holder: 'queue' | 'bot' | 'agent'; agent: string | null; since: number }[]
  helps: { id: string; name: string | null; since: number }[]
}

export function wallOf(
  calls: readonly Call[],
  board: QueueFigures | undefined,
  team: readonly TeamMember[],
  entries: readonly QueueEntry[] = [],
): Wall {
  const waits = calls.filter(call => call.control === 'queued')
  const since = [
    ...waits.map(call => Date.parse(call.queued_at ?? call.answered_at ?? call.started_at)),
    ...(board?.longest_since ? [Date.parse(board.longest_since)] : []),
  ]
  return {
    // Those who wait in writing are in the board only; calls are in both where queues are used.
    waiting: Math.max(board?.waiting ?? 0, waits.length),
    since: since.length > 0 ? Math.min(...since) : null,
    sla: board?.sla ?? null,
    abandoned: board?.abandoned_share ?? null,
    late: lateness(entries),
    states: STATES.filter(state => state !== 'offline').map(state => ({
      state,
      count: team.filter(member => member.state === state).length,
    })),
    calls: roomOrder(calls).map(call => ({
      id: call.id,
      holder: call.control === 'queued' ? 'queue' : call.control === 'agent' ? 'agent' : 'bot',
      agent: call.control === 'agent' ? (call.agent?.name ?? null) : null,
      since: Date.parse(call.answered_at ?? call.started_at),
    })),
    helps: helpCalls(calls).map(call => ({
      id: call.id,
      name: voiceOf(call).help?.by.name ?? null,
      since: Date.parse(voiceOf(call).help?.at ?? call.started_at),
    })),
  }
}

export type Tone = 'ok' | 'warn' | 'bad' | 'calm'

export function slaTone(sla: number | null): Tone {
  if (sla === null) return 'calm'
  return sla >= 90 ? 'ok' : sla > 60 ? 'warn' : 'bad'
}

/** What was promised decides where anything was; a caller notices a minute. */
export function waitTone(seconds: number | null, late: Wall['late']): Tone {
  if (seconds === null) return 'calm'
  if (late === 'broken') return 'bad'
  return late === 'at_risk' || seconds >= 60 ? 'warn' : 'ok'
}

/** One in twenty is the usual bound; twice that is trouble. */
export function abandonedTone(share: number | null): Tone {
  if (share === null) return 'calm'
  return share <= 5 ? 'ok' : share <= 10 ? 'warn' : 'bad'
}
