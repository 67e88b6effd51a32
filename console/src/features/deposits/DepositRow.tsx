import { IconAlertTriangle, IconClock, IconPaperclip } from '@tabler/icons-react'
import type { DepositCase } from '../../api/schema'
import { texts } from '../../texts'
import { Countdown } from '../../ui/Countdown'
import { capital, money, shortWhen } from '../../ui/format'
import { useMinute } from '../../ui/useNow'
import { asked, problemOf, waitingSince } from './cases'
import classes from './DepositsPage.module.css'
import { problemWords } from './words'

type Props = { item: DepositCase; selected: boolean; onOpen: () => void }

export function DepositRow({ item, selected, onOpen }: Props) {
  const now = useMinute()
  const { booking } = item
  const problem = problemOf(item)
  return (
    <li>
      <button type="button" className={classes.row} aria-pressed={selected} onClick={onOpen}>
        <span className={classes.top}>
          <strong className="clip">{booking.guest_name ?? texts.bookings.noGuest}</strong>
          <span className={`${classes.amount} tabular`}>{money(asked(item))}</span>
        </span>
        <span className={classes.top}>
          <span className={`${classes.sub} clip`}>
            {booking.code} · {capital(booking.room.type_name ?? booking.room.type)}
          </span>
          {item.receipts.length > 0 ? (
            <span className={classes.sub}>
              <IconPaperclip size={13} aria-hidden /> {shortWhen(waitingSince(item), now)}
            </span>
          ) : (
            <span className={classes.sub}>
              <IconClock size={13} aria-hidden /> {texts.bookings.deposits[item.deposit.status] ?? item.deposit.status}
            </span>
          )}
        </span>
        {(problem || (booking.status === 'hold' && booking.hold_expires_at)) && (
          <span className={classes.chips}>
            {problem && (
              <span className={classes.problem}>
                <IconAlertTriangle size={13} aria-hidden /> {problemWords(problem).short}
              </span>
            )}
            {booking.status === 'hold' && booking.hold_expires_at && <Countdown until={booking.hold_expires_at} />}
          </span>
        )}
      </button>
    </li>
  )
}
