// The shapes of customers and of their appointments: docs/api.md, "People" and the appointments of "The house".

import type { Booking } from './schema.bookings'
import type { Money, Named } from './schema.values'

export type Identity = { kind: string; value: string }

export type Customer = {
  id: string
  name: string | null
  said_name?: string | null
  profile_name?: string | null
  username?: string | null
  locale?: string | null
  identities: Identity[]
  /** Ids of those who were found to be the same. */
  others?: string[]
}

export type Merge = {
  kept: string
  other: string
  by: Named
  at: string
  undone_by: Named | null
  undone_at: string | null
}

export type Suggestion = { person: Customer; why: string }

/** `C` is the conversation, which lives in the main schema. */
export type CustomerPage<C> = {
  person: Customer
  conversations: C[]
  bookings: Booking[]
  merges: Merge[]
  suggestions: Suggestion[]
}

export type Appointment = {
  code: string
  service: { code: string; name: string; minutes: number }
  resource: string
  start: string
  end: string
  status: string
  price: Money
  name: string | null
  phone: string | null
  person_id: string | null
  conversation_id: string | null
}
