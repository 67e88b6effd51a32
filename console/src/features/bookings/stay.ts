// What may be done to a stay, and how a change of it is asked for and read. Pure.

import type { Booking, ChangeOffer, Money, Reminder, Stay } from '../../api/schema'

export type StayRights = { change: boolean; cancel: boolean; retry: boolean }

const KEPT = new Set(['refund_due', 'confirmed'])

/** Who paid and lost the room changes to another one for the same money; a hold is released rather than cancelled. */
export function stayRights({ status, deposit }: Booking, mayChange: boolean): StayRights {
  const lost = status === 'needs_staff'
  return {
    change: mayChange && (status === 'hold' || status === 'confirmed' || (lost && KEPT.has(deposit?.status ?? ''))),
    cancel: mayChange && (status === 'confirmed' || status === 'confirming' || lost),
    retry: mayChange && lost && deposit?.status === 'confirmed',
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

export function difference(offer: Pick<ChangeOffer, 'difference'>): { kind: 'same' | 'more' | 'less'; money: Money } {
  const amount = offer.difference.amount
  return {
    kind: amount === 0 ? 'same' : amount > 0 ? 'more' : 'less',
    money: { amount: Math.abs(amount), currency: offer.difference.currency },
  }
}

/** In the order they are due; one that moved with the stay is shown where it is now, not where it was. */
export function standing(reminders: readonly Reminder[]): Reminder[] {
  const others = (one: Reminder) => reminders.some(each => each !== one && each.kind === one.kind)
  return reminders
    .filter(each => each.state !== 'cancelled' || !others(each))
    .sort((a, b) => a.due_at.localeCompare(b.due_at))
}
