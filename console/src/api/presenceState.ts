// What the staff do, as the server tells it, and what follows from it. Pure.

import { locale } from '../texts/language'

export type StateName = 'available' | 'on_call' | 'wrap_up' | 'pause' | 'training' | 'offline'
export type Declared = 'available' | 'pause' | 'training' | 'offline'
export type Reason = { code: string; name: string }
export type Following = { state: StateName; reason: string | null; reason_name: string | null; chosen: boolean }

/** What one member of staff does now. */
export type Doing = {
  id: string
  staff_id: string
  name: string
  state: StateName
  since: string | null
  reason: string | null
  reason_name: string | null
  next: Following | null
  until: string | null
  conversation_id: string | null
  asked_at: string | null
  acted_at: string | null
  version: number
}

export type Shift = Doing & { in_use: boolean; may_be_rung: boolean; reasons: Reason[] }
export type TeamMember = Doing & { role: 'agent' | 'supervisor' | 'admin'; zone: string | null }
export type Team = { items: TeamMember[]; in_use: boolean; reasons: Reason[] }

export type Board = { items: { staff_id: string; state: StateName; since: string | null }[]; in_use: boolean }

export type Piece = {
  start: string
  end: string
  seconds: number
  state: StateName
  reason: string | null
  reason_name: string | null
  conversation_id: string | null
  correction: number | null
}
export type Correction = Omit<Piece, 'seconds' | 'conversation_id' | 'correction'> & {
  id: number
  note: string
  by: { id: string; name: string | null }
  at: string
  recorded: Piece[]
}
export type Day = {
  staff: { id: string; name: string }
  day: string
  zone: string
  start: string
  end: string
  until: string
  pieces: Piece[]
  corrections: Correction[]
  totals: Record<StateName, number>
  pauses: Record<string, number>
  occupancy: number | null
  attended: number
  mean_talk: number | null
  mean_wrap_up: number | null
  mean_handling: number | null
}

export const presenceKeys = {
  mine: ['presence', 'mine'] as const,
  days: ['presence', 'day'] as const,
  day: (who: string, day: string | undefined) => ['presence', 'day', who, day ?? 'today'] as const,
  team: ['presence', 'team'] as const,
  board: ['presence', 'board'] as const,
  pending: ['presence', 'pending'] as const,
  results: (conversation: string) => ['presence', 'results', conversation] as const,
}

export const DECLARED: Declared[] = ['available', 'pause', 'training', 'offline']
export const STATES: StateName[] = ['available', 'on_call', 'wrap_up', 'pause', 'training', 'offline']

/** News of one's own state; what never changes with it stays. News that are older than what is known are dropped. */
export function mergeShift(known: Shift | undefined, fresh: Partial<Shift>): Shift | undefined {
  if (!known || (fresh.version ?? 0) < known.version) return known
  const may = fresh.state === undefined ? known.may_be_rung : !known.in_use || fresh.state === 'available'
  return { ...known, ...fresh, may_be_rung: may }
}

/** During a call and after it another state is what follows. */
export function isQueued(state: StateName): boolean {
  return state === 'on_call' || state === 'wrap_up'
}

/** How long a state may last before it deserves a look, by its kind: seconds until amber, and until red. */
const AGES: Partial<Record<StateName, [number, number]>> = {
  on_call: [600, 1_200],
  wrap_up: [120, 300],
  pause: [1_200, 2_700],
}

export function age(state: StateName, seconds: number): 'calm' | 'long' | 'too_long' {
  const limits = AGES[state]
  if (!limits || seconds < limits[0]) return 'calm'
  return seconds < limits[1] ? 'long' : 'too_long'
}

export function secondsSince(since: string | null, now: number): number {
  return since === null ? 0 : Math.max(0, Math.floor((now - Date.parse(since)) / 1000))
}

/** The pieces of a day worth drawing: from the first thing to the last, with whatever lies between. */
export function shown(day: Day): { pieces: Piece[]; start: number; end: number } | null {
  const busy = day.pieces.map(piece => piece.state !== 'offline')
  const first = busy.indexOf(true)
  if (first < 0) return null
  const pieces = day.pieces.slice(first, busy.lastIndexOf(true) + 1)
  const start = Date.parse(pieces[0]?.start ?? day.start)
  return { pieces, start, end: Date.parse(pieces[pieces.length - 1]?.end ?? day.until) }
}

/** Whom calls do not go to now. Nobody, where states are not used. */
export function awayOn(board: Board | undefined): ReadonlySet<string> {
  const away = board?.in_use ? board.items.filter(each => each.state !== 'available') : []
  return new Set(away.map(each => each.staff_id))
}

const RANK: StateName[] = ['on_call', 'wrap_up', 'available', 'training', 'pause', 'offline']

export function byWork(members: readonly TeamMember[]): TeamMember[] {
  return [...members].sort(
    (a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state) || a.name.localeCompare(b.name, locale),
  )
}
