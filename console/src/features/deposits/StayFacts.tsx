import type { DepositCase, Receipt } from '../../api/schema'
import { texts } from '../../texts'
import { roomName, statusWord } from '../../ui/BookingCard'
import { Countdown } from '../../ui/Countdown'
import { calendarDay, money } from '../../ui/format'
import { Facts } from '../../ui/Section'
import { asked } from './cases'
import classes from './OpenDeposit.module.css'

const t = texts.deposits

export function StayFacts({ item, receipt }: { item: DepositCase; receipt: Receipt | undefined }) {
  const { booking, deposit } = item
  const read = receipt?.amount ?? null
  const contacts = [
    [texts.booking.phone, booking.guest_phone],
    [texts.booking.email, booking.guest_email],
  ].filter((fact): fact is [string, string] => Boolean(fact[1]))
  return (
    <>
      <div className={classes.amounts}>
        <div>
          <span>{t.asked}</span>
          <strong className="tabular">{money(asked(item))}</strong>
        </div>
        {deposit.paid && deposit.paid !== read ? (
          <div data-differs={deposit.paid < deposit.amount}>
            <span>{t.paid}</span>
            <strong className="tabular">{money({ amount: deposit.paid, currency: deposit.currency })}</strong>
          </div>
        ) : null}
        {deposit.refund && deposit.status === 'refund_due' ? (
          <div>
            <span>{t.refund}</span>
            <strong className="tabular">{money({ amount: deposit.refund, currency: deposit.currency })}</strong>
          </div>
        ) : null}
        {read !== null && (
          <div data-differs={read !== deposit.amount}>
            <span>{t.inReceipt}</span>
            <strong className="tabular">{money({ amount: read, currency: deposit.currency })}</strong>
          </div>
        )}
      </div>
      <Facts
        items={[
          [t.room, roomName(booking)],
          [t.stay, `${calendarDay(booking.check_in)} → ${calendarDay(booking.check_out)}`],
          [texts.bookings.nights(booking.nights), money(booking.total)],
          ...contacts,
          booking.status === 'hold' && booking.hold_expires_at
            ? [t.holdEnds, <Countdown key="left" until={booking.hold_expires_at} />]
            : [t.state, statusWord(booking.status)],
        ]}
      />
    </>
  )
}
