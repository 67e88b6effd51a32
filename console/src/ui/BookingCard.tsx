// A booking or a hold: who, which room, which nights, how much, and how long a hold still lasts.

import { Button } from '@mantine/core'
import { IconArrowRight, IconClockPlus, IconMessages } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { bookingActions } from '../api/actions'
import { useChangeHold } from '../api/bookings'
import type { Booking } from '../api/schema'
import { useMay, useMe } from '../api/session'
import { texts } from '../texts'
import classes from './BookingCard.module.css'
import { ConfirmModal } from './ConfirmModal'
import { Countdown } from './Countdown'
import { calendarDay, capital, depositMoney, money } from './format'
import { LinkButton } from './links'
import { explain } from './StatePages'

export function roomName(booking: Booking): string {
  const type = booking.room.type_name ?? capital(booking.room.type)
  return booking.room.number ? `${type} · ${booking.room.number}` : type
}

export function statusWord(status: string): string {
  return texts.bookings.statuses[status] ?? capital(status.replaceAll('_', ' '))
}

export function BookingCard({ booking, compact = false }: { booking: Booking; compact?: boolean }) {
  const seesThread = useMay('see_conversations')
  const mayConfirm = useMay('confirm_deposits')
  const guests = [texts.bookings.guests(booking.guests)]
  if (booking.children > 0) guests.push(texts.bookings.children(booking.children))
  return (
    <article className={classes.card} data-status={booking.status} data-compact={compact}>
      <div className={classes.top}>
        <Link to="/reservas/$code" params={{ code: booking.code }} className={`${classes.code} clip`}>
          {booking.code}
        </Link>
        {booking.status === 'hold' && booking.hold_expires_at ? (
          <Countdown until={booking.hold_expires_at} />
        ) : (
          <span className={classes.status} data-status={booking.status}>
            {statusWord(booking.status)}
          </span>
        )}
      </div>
      <div>
        <h3 className={classes.guest}>
          <Link to="/reservas/$code" params={{ code: booking.code }} className={classes.open}>
            {booking.guest_name ?? texts.bookings.noGuest}
          </Link>
        </h3>
        <p className={classes.room}>{roomName(booking)}</p>
      </div>
      <div className={classes.dates}>
        {calendarDay(booking.check_in)} <IconArrowRight size={13} aria-hidden /> {calendarDay(booking.check_out)}
        <span className={classes.soft}>
          {texts.bookings.nights(booking.nights)} · {guests.join(', ')}
        </span>
      </div>
      <dl className={classes.money}>
        <div>
          <dt>{texts.bookings.total}</dt>
          <dd>{money(booking.total)}</dd>
        </div>
        {booking.deposit && (
          <div>
            <dt>
              {texts.bookings.deposit} {texts.bookings.deposits[booking.deposit.status] ?? booking.deposit.status}
            </dt>
            <dd>{money(depositMoney(booking.deposit))}</dd>
          </div>
        )}
      </dl>
      {mayConfirm && booking.deposit?.status === 'received' && (
        <LinkButton
          to="/senas"
          search={{ reserva: booking.code }}
          size="xs"
          className={classes.button ?? ''}
          rightSection={<IconArrowRight size={15} />}
        >
          {texts.booking.toDeposit}
        </LinkButton>
      )}
      <HoldButtons booking={booking} />
      {!compact && seesThread && booking.conversation_id && (
        <Link to="/c/$id" params={{ id: booking.conversation_id }} className={classes.link}>
          <IconMessages size={15} stroke={1.8} aria-hidden /> {texts.bookings.openConversation}
        </Link>
      )}
    </article>
  )
}

export function HoldButtons({ booking }: { booking: Booking }) {
  const me = useMe()
  const change = useChangeHold()
  const [releasing, setReleasing] = useState(false)
  const actions = bookingActions(booking, me)
  if (actions.length === 0) return null
  return (
    <div className={classes.actions}>
      {actions.includes('extend') && (
        <Button
          size="xs"
          variant="default"
          className={classes.button ?? ''}
          leftSection={<IconClockPlus size={15} />}
          loading={change.isPending && !releasing}
          title={texts.bookings.extendLeft(booking.hold_extensions_left)}
          onClick={() => change.mutate({ code: booking.code, change: 'extend' })}
        >
          {texts.bookings.extend}
        </Button>
      )}
      {actions.includes('release') && (
        <Button
          size="xs"
          variant="default"
          className={classes.button ?? ''}
          onClick={() => {
            change.reset()
            setReleasing(true)
          }}
        >
          {texts.bookings.release}
        </Button>
      )}
      {change.error && !releasing && (
        <p className={classes.error} role="alert">
          {explain(change.error)}
        </p>
      )}
      <ConfirmModal
        opened={releasing}
        danger
        title={texts.bookings.releaseTitle}
        help={texts.bookings.releaseHelp(roomName(booking), booking.guest_name ?? texts.bookings.theGuest)}
        confirm={texts.bookings.release}
        busy={change.isPending}
        error={change.error ? explain(change.error) : null}
        onClose={() => setReleasing(false)}
        onConfirm={() =>
          change.mutate({ code: booking.code, change: 'release' }, { onSuccess: () => setReleasing(false) })
        }
      />
    </div>
  )
}
