// What may be done to a stay, and how a change of it is asked for and read. Pure.

import type { Booking, ChangeOffer, Money, Stay } from '../../api/schema'

export function stayRights(booking: Booking, mayChange: boolean): { change: boolean; cancel: boolean } {
  const alive = booking.status === 'confirmed'
  return {
    change: mayChange && alive,
    cancel: mayChange && (alive || booking.status === 'needs_staff'),
  }
}

export function stayOf(booking: Booking): Stay {
  const { check_in, check_out, guests, children, room } = booking
  return { check_in, check_out, guests, children, room_type: room.type }
}

export function sameStay(a: Stay, b: Stay): boolean {
  return (
    a.check_in === b.check_in &&
    a.check_out === b.check_out &&
    a.guests === b.guests &&
    a.children === b.children &&
    a.room_type === b.room_type
  )
}

export function difference(offer: ChangeOffer): { kind: 'same' | 'more' | 'less'; money: Money } {
  const amount = offer.difference.amount
  return {
    kind: amount === 0 ? 'same' : amount > 0 ? 'more' : 'less',
    money: { amount: Math.abs(amount), currency: offer.difference.currency },
  }
}
