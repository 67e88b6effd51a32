// What is left of what was promised, as it stands now. Pure; the clock is passed in.

import type { QueueEntry, SlaClock } from '../../api/schema.queues'
import { texts } from '../../texts'
import { duration } from '../format'

export type Sla = { tone: 'ok' | 'risk' | 'broken' | 'paused'; text: string; label: string }

const RISK = 0.25
const t = texts.queues

export function slaOf(entry: QueueEntry, now: number): Sla | null {
  const since = Math.max(0, (now - Date.parse(entry.at)) / 1000)
  const running = entry.clocks
    .filter(clock => clock.state !== 'met' && !(clock.kind !== 'resolution' && isOver(entry, clock)))
    .map(clock => ({ clock, left: clock.state === 'paused' ? clock.left : clock.left - since }))
    .sort((a, b) => a.left - b.left)
  const first = running[0]
  if (!first) return null
  const { clock, left } = first
  const what = t.clocks[clock.kind]
  if (left < 0) return { tone: 'broken', text: t.late(brief(-left)), label: t.clockLate(what, brief(-left)) }
  if (clock.state === 'paused') return { tone: 'paused', text: t.paused, label: t.clockPaused(what) }
  const tone = left <= clock.target * RISK ? 'risk' : 'ok'
  return { tone, text: brief(left), label: t.clockLeft(what, brief(left)) }
}

/** A first reply that came too late is history once it was given. */
function isOver(entry: QueueEntry, clock: SlaClock): boolean {
  return clock.kind === 'first' && clock.state === 'broken' && entry.clocks.some(other => other.kind === 'next')
}

/** A promise as it is said: 5 min, 2 h. */
export function span(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600 || seconds % 3_600 !== 0) return `${Math.round(seconds / 60)} min`
  return `${seconds / 3_600} h`
}

export function brief(seconds: number): string {
  if (seconds < 3_600) return duration(seconds)
  const hours = Math.floor(seconds / 3_600)
  if (hours < 48) return `${hours} h ${Math.floor((seconds % 3_600) / 60)} min`
  return `${Math.floor(hours / 24)} d`
}
