// The shapes of the grid of availability: docs/api.md, "Grid".

import type { Money } from './schema.values'

export type StayKind = 'hold' | 'pending' | 'confirmed' | 'pms' | 'closed'

export type GridStay = {
  /** The first night of it within the window, and how many of its nights are. */
  first: string
  nights: number
  what: StayKind
  check_in: string
  check_out: string
  code: string | null
  pms_number: string | null
  /** The PMS has somebody else there. */
  contested: boolean
  guest_name?: string | null
  guests?: number
  status?: string
  deposit_status?: string
  deposit?: Money
  hold_expires_at?: string | null
  conversation_id?: string | null
}

export type GridRoom = { number: string; stays: GridStay[] }

export type GridTotal = {
  night: string
  rooms: number
  sold: number
  held: number
  closed: number
  free: number
  percent: number
}

export type GridType = {
  code: string
  name: string
  capacity: number
  currency: string
  prices: number[]
  price_is: 'night' | 'average'
  totals: GridTotal[]
  rooms: GridRoom[]
}

export type Grid = {
  from: string
  nights: number
  today: string
  as_of: string | null
  pms: 'ok' | 'away' | 'never'
  read_only: boolean
  holidays: string[]
  types: GridType[]
  totals: GridTotal[]
}

export type HoldWish = {
  room_type: string
  room: string | null
  check_in: string
  check_out: string
  guests: number
  children: number
  guest_name: string
  guest_phone: string | null
  guest_email: string | null
  client_id: string
}
