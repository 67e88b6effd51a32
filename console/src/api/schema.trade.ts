// The shapes of appointments' agenda, excursions and agencies: docs/api.md.

import type { Money } from './schema.values'

export type Agenda = {
  services: { code: string; name: string; minutes: number; pause: number; price: number }[]
  resources: { code: string; name: string; capacity: number; services: string[] }[]
  currency: string
  /** By weekday (Monday is 0): from and to, as the house's clock shows. */
  hours: Record<string, [string, string][]>
  closed: string[]
  timezone: string
  /** Whether whole days can be asked for. */
  days: boolean
}

export type Slot = { start: string; resource: string }

export type Guest = { name: string; phone: string; email: string }

export type Excursion = {
  code: string
  name: string
  description: string
  hour: string
  minutes: number
  adult: Money
  child: Money
  capacity: number
  meeting: string
}

export type Departure = { excursion: string; day: string; start: string; left: number; capacity: number }

export type Places = {
  code: string
  excursion: { code: string; name: string }
  day: string
  start: string
  adults: number
  children: number
  price: Money
  status: 'booked' | 'cancelled'
  name: string | null
  phone: string | null
  person_id: string
  conversation_id: string | null
}

export type Partner = {
  id: string
  code: string
  name: string
  email: string | null
  phone: string | null
  /** A number of at most two decimals, as text. */
  percent: string
  active: boolean
}

export type Brought = {
  code: string
  title: 'held' | 'booked' | 'earned' | 'lost' | 'reversed'
  check_in: string
  check_out: string
  total: Money
  percent: string
  at: string
}

export type Entry = {
  code: string
  kind: 'accrual' | 'reversal'
  check_in: string
  check_out: string
  base: Money
  percent: string
  amount: Money
  at: string
}

export type Statement = { partner: Partner; month: string; entries: Entry[]; total: Money | null }
