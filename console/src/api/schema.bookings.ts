// The shapes of the bookings room: docs/api.md, "Bookings" and "Deposits".

import type { Doer, Money } from './schema.values'

/** docs/api.md nests the money; the bookings room answers it flat. Read it with `depositMoney`. */
export type Deposit = { amount: Money; status: string } | FlatDeposit

export type FlatDeposit = {
  amount: number
  currency: string
  status: string
  /** What has arrived, and what is to be given back. */
  paid?: number
  refund?: number
}

export type BookingAction = 'extend' | 'release'

export type Booking = {
  id: string
  code: string
  status: string
  room: { number: string | null; type: string; type_name: string | null }
  check_in: string
  check_out: string
  nights: number
  guests: number
  children: number
  guest_name: string | null
  guest_phone: string | null
  guest_email: string | null
  total: Money
  deposit: Deposit | null
  hold_expires_at: string | null
  hold_extensions_left: number
  conversation_id: string | null
  created_at: string
  /** Absent in live events, as in conversations. */
  actions?: BookingAction[]
  pms_number?: string | null
  confirmed_at?: string | null
  cancelled_at?: string | null
  /** Why a person is needed. */
  needs?: string | null
  version?: number
}

export type Attachment = { id: string; name: string; media_type: string; size: number }

export type Receipt = {
  id: string
  attachment_id: string
  /** Absent, with the type and the size, once the file is too old to be kept. */
  name: string | null
  media_type: string | null
  size: number | null
  at: string
  problem: string | null
  /** The booking where the same file was used before. */
  duplicate_of: string | null
  amount: number | null
}

export type DepositCase = {
  booking: Booking
  deposit: FlatDeposit
  receipts: Receipt[]
  problem: string | null
}

export type HistoryItem = {
  at: string
  kind: string
  by?: Doer
  reason?: string | null
  amount?: number | null
}

export type Reminder = {
  id: string
  kind: string
  due_at: string
  state: string
  title?: string
  /** Why it is not sent, in words. */
  reason_text?: string | null
  channel: string | null
  sent_at: string | null
}

export type Stay = { check_in: string; check_out: string; guests: number; children: number; room_type: string }

export type ChangeOffer = { before: Money; after: Money; difference: Money; policy: string | null; booking: Booking }

export type Cancellation = { booking: Booking; paid: Money; refund: Money; policy: string | null }

export type RoomOffer = { room_type: string; name: string; capacity: number; free: number }
