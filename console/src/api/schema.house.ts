// The shapes of the house as a whole: how it works, what needs a person, the day.

import type { Named } from './schema.values'

export type ModeName = 'normal' | 'degraded' | 'manual'

export type PartState = 'ok' | 'shaky' | 'down' | 'off'

export type HousePart = { name: string; state: PartState; reason: string | null; text?: string | null; since: string }

export type Mode = {
  mode: ModeName
  /** Whether rooms are being sold; in degraded mode it depends on which part is down. */
  selling?: boolean
  reason: string | null
  since: string | null
  by: Named | null
  parts?: HousePart[]
}

export type Alert = {
  id: string
  kind: string
  /** What it is about: a booking, a conversation, a part of the house. */
  subject?: string
  severity: string
  title?: string
  text?: string
  link: string | null
  state: 'open' | 'done'
  count: number
  created_at: string
  last_at?: string
  done_by: Named | null
}

export type Discrepancy = {
  what: string
  room: string
  check_in: string
  check_out: string
  code: string | null
  number: string | null
}

export type Discrepancies = { items: Discrepancy[]; compared_at: string | null; error: string | null }

export type ShortStay = {
  code: string
  guest_name: string | null
  room_number: string | null
  type_name: string | null
  guests: number
}

export type Summary = {
  at?: string
  arriving?: ShortStay[]
  departing?: ShortStay[]
  arrivals?: number
  departures?: number
  deposits?: number
  holds?: number
  alerts?: number
  waiting?: number
  parked?: number
}
