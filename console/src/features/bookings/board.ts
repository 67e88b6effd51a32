// How bookings fall into columns and which of them match a search. Pure.

import type { Booking } from '../../api/schema'
import { locale } from '../../texts/language'

export const COLUMNS = ['hold', 'receipt', 'pending', 'confirmed', 'ended'] as const
export type Column = (typeof COLUMNS)[number]

const ENDED = new Set(['expired', 'cancelled', 'released', 'no_show', 'checked_out'])

export function columnOf(booking: Booking): Column {
  const unseen = booking.deposit?.status === 'received'
  if (unseen && (booking.status === 'hold' || booking.status === 'expired')) return 'receipt'
  if (booking.status === 'hold') return 'hold'
  if (booking.status === 'confirmed' || booking.status === 'checked_in') return 'confirmed'
  return ENDED.has(booking.status) ? 'ended' : 'pending'
}

export type Board = Record<Column, Booking[]>

/** Holds by who ends first, confirmed ones by arrival, the rest by the latest made. */
export function board(bookings: readonly Booking[]): Board {
  const made: Board = { hold: [], receipt: [], pending: [], confirmed: [], ended: [] }
  for (const booking of bookings) made[columnOf(booking)].push(booking)
  const by = (key: (booking: Booking) => string, order: number) => (a: Booking, b: Booking) =>
    order * key(a).localeCompare(key(b))
  made.hold.sort(by(booking => booking.hold_expires_at ?? '9', 1))
  made.receipt.sort(by(booking => booking.hold_expires_at ?? '9', 1))
  made.confirmed.sort(by(booking => booking.check_in, 1))
  made.pending.sort(by(booking => booking.created_at, -1))
  made.ended.sort(by(booking => booking.created_at, -1))
  return made
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
}

export function matches(booking: Booking, search: string, roomType: string | null): boolean {
  if (roomType && booking.room.type !== roomType) return false
  const { room } = booking
  const hay = plain(
    [booking.code, booking.guest_name, booking.guest_phone, booking.guest_email, room.number, room.type_name, room.type]
      .filter(Boolean)
      .join(' '),
  )
  return plain(search)
    .split(/\s+/)
    .every(word => hay.includes(word))
}

export const ARRIVALS = ['any', 'today', 'tomorrow', 'week'] as const
export type Arrival = (typeof ARRIVALS)[number]

/** Calendar dates are compared as such; `today` is where the reader is. */
export function arrives(booking: Booking, when: Arrival, today: string): boolean {
  if (when === 'any') return true
  const days = Math.round((Date.parse(booking.check_in) - Date.parse(today)) / 86_400_000)
  if (when === 'today') return days === 0
  return when === 'tomorrow' ? days === 1 : days >= 0 && days <= 7
}

export function localDay(now: number): string {
  const day = new Date(now)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

export function roomTypes(bookings: readonly Booking[]): { value: string; label: string }[] {
  const names = new Map(bookings.map(booking => [booking.room.type, booking.room.type_name ?? booking.room.type]))
  return [...names].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label, locale))
}
