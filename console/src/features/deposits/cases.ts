// Deposits as a person goes through them: who has waited longest first, and what is odd about each. Pure.

import type { Attachment, DepositCase, Money, Receipt } from '../../api/schema'

export function latestReceipt(item: DepositCase): Receipt | undefined {
  return item.receipts.reduce<Receipt | undefined>(
    (last, next) => (!last || next.at > last.at ? next : last),
    undefined,
  )
}

/** Files are deleted by age; the deposit they proved is not. */
export function fileOf({ attachment_id: id, name, media_type, size }: Receipt): Attachment | null {
  return name !== null && media_type !== null ? { id, name, media_type, size: size ?? 0 } : null
}

/** When the guest began to wait: the first receipt that nobody has looked at, else the booking. */
export function waitingSince(item: DepositCase): string {
  return item.receipts.map(receipt => receipt.at).sort()[0] ?? item.booking.created_at
}

/** Who may lose the room first, and then who has waited longest. */
export function inTurn(items: readonly DepositCase[]): DepositCase[] {
  const end = (item: DepositCase) => item.booking.hold_expires_at ?? '9'
  return [...items].sort((a, b) => end(a).localeCompare(end(b)) || waitingSince(a).localeCompare(waitingSince(b)))
}

export function latestFirst(items: readonly DepositCase[]): DepositCase[] {
  return [...items].sort((a, b) => b.booking.created_at.localeCompare(a.booking.created_at))
}

export function problemOf(item: DepositCase): string | null {
  return item.problem ?? latestReceipt(item)?.problem ?? (item.booking.needs || null)
}

export function asked(item: DepositCase): Money {
  return { amount: item.deposit.amount, currency: item.deposit.currency }
}

/** All there is to show for it was used elsewhere before: a person must have seen the money itself. */
export function onlyCopies(item: DepositCase): boolean {
  return item.receipts.length > 0 && item.receipts.every(receipt => receipt.duplicate_of !== null)
}

export type Gap = { kind: 'same' | 'less' | 'more'; money: Money }

export function gap(item: DepositCase, arrived: number): Gap {
  const difference = arrived - item.deposit.amount
  return {
    kind: difference === 0 ? 'same' : difference < 0 ? 'less' : 'more',
    money: { amount: Math.abs(difference), currency: item.deposit.currency },
  }
}

export function step(items: readonly DepositCase[], code: string | undefined, by: 1 | -1): string | undefined {
  const at = items.findIndex(item => item.booking.code === code)
  if (at < 0) return items[0]?.booking.code
  return items[at + by]?.booking.code
}

const UNSETTLED = new Set(['requested', 'received', 'rejected'])
const OPEN = new Set(['hold', 'expired', 'needs_staff'])

/** Money may come for whatever is not sold nor called off; only a receipt nobody has looked at can be sent back. */
export function decidable(item: DepositCase): { confirm: boolean; reject: boolean; refunded: boolean } {
  const { status } = item.deposit
  return {
    confirm: UNSETTLED.has(status) && OPEN.has(item.booking.status),
    reject: status === 'received',
    refunded: status === 'refund_due',
  }
}
