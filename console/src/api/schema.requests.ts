// What a guest asked the house for, as the server tells it.

import type { Named } from './schema.values'

export type RequestDetail = { name: string; label: string; value: string }

export type GuestRequest = {
  id: string
  kind: string
  kind_name: string
  state: 'open' | 'done' | 'declined'
  summary: string
  details: RequestDetail[]
  conversation_id: string
  channel: string
  /** Whether a line would get to the guest in that conversation now. */
  reachable: boolean
  person: { id: string; name: string | null }
  booking_code: string | null
  answer: string | null
  told: boolean
  created_at: string
  done_at: string | null
  done_by: Named | null
}
