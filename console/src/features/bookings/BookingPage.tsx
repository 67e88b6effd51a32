// One booking whole: the stay, the hold or the deposit that keeps it, what was sent and will be, and what happened.

import { ActionIcon, Button } from '@mantine/core'
import { IconArrowLeft, IconCalendarCog, IconMessages, IconTrash, IconUser } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useBooking } from '../../api/booking'
import { useLive } from '../../api/live-context'
import type { Booking } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { roomName, statusWord } from '../../ui/BookingCard'
import { Beside } from '../../ui/beside/Beside'
import { useShowing } from '../../ui/beside/useBeside'
import { calendarDay } from '../../ui/format'
import { LoadingPage } from '../../ui/LoadingPage'
import { LinkButton, LinkIcon } from '../../ui/links'
import { Facts, Section } from '../../ui/Section'
import { Failure, NoPermission } from '../../ui/StatePages'
import classes from './BookingPage.module.css'
import { CancelModal } from './CancelModal'
import { ChangeModal } from './ChangeModal'
import { DepositSection } from './DepositSection'
import { History } from './History'
import { HoldSection } from './HoldSection'
import { Reminders } from './Reminders'
import { Requests } from './Requests'
import { stayRights } from './stay'
import { Voucher } from './Voucher'

const t = texts.booking
const WITH_VOUCHER = new Set(['hold', 'confirming', 'confirmed'])

export function BookingPage() {
  const { code = '' } = useParams({ strict: false })
  const live = useLive()
  const may = useMay('see_bookings')
  useEffect(() => (may ? live.bookings() : undefined), [live, may])
  const query = useBooking(code)
  if (!may) return <NoPermission />
  if (query.data) return <Open key={code} booking={query.data} />
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  return <LoadingPage />
}

function Open({ booking }: { booking: Booking }) {
  const maySeeGuests = useMay('see_conversations')
  useShowing(`booking:${booking.code}`)
  const [asking, setAsking] = useState<'change' | 'cancel' | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const rights = stayRights(booking, useMay('change_bookings'))
  const seesThread = useMay('see_conversations')
  const close = () => setAsking(null)
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <LinkIcon to="/reservas" variant="subtle" color="gray" size={44} aria-label={t.back}>
          <IconArrowLeft size={22} />
        </LinkIcon>
        <div className={classes.who}>
          <h1 className={`${classes.name} clip`}>{booking.guest_name ?? texts.bookings.noGuest}</h1>
          <span className={classes.sub}>
            {booking.code}
            <span className={classes.status} data-status={booking.status}>
              {statusWord(booking.status)}
            </span>
          </span>
        </div>
        <Beside thing={`booking:${booking.code}`} />
        <div className={classes.verbs}>
          {seesThread && booking.conversation_id && (
            <LinkButton
              to="/c/$id"
              params={{ id: booking.conversation_id }}
              variant="default"
              leftSection={<IconMessages size={17} />}
            >
              {t.thread}
            </LinkButton>
          )}
          {seesThread && booking.conversation_id && (
            <LinkIcon
              to="/c/$id/cliente"
              params={{ id: booking.conversation_id }}
              variant="default"
              size={36}
              aria-label={texts.people.open}
              title={texts.people.open}
            >
              <IconUser size={17} />
            </LinkIcon>
          )}
          {rights.change && (
            <Button variant="default" leftSection={<IconCalendarCog size={17} />} onClick={() => setAsking('change')}>
              {t.change.button}
            </Button>
          )}
          {rights.cancel && (
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t.cancel.button}
              title={t.cancel.button}
              onClick={() => setAsking('cancel')}
            >
              <IconTrash size={17} />
            </ActionIcon>
          )}
        </div>
      </header>
      <div className={classes.scroll}>
        {said && (
          <p className={classes.said} role="status">
            {said}
          </p>
        )}
        <div className={classes.columns}>
          <div className={classes.column}>
            <Section title={t.stay}>
              <Facts items={stayFacts(booking)} />
            </Section>
            <DepositSection booking={booking} />
            <History booking={booking} />
          </div>
          <div className={classes.column}>
            <HoldSection booking={booking} retry={rights.retry} />
            {WITH_VOUCHER.has(booking.status) && <Voucher booking={booking} />}
            <Reminders booking={booking} />
            {maySeeGuests && <Requests code={booking.code} />}
          </div>
        </div>
      </div>
      {asking === 'change' && <ChangeModal booking={booking} onClose={close} onDone={setSaid} />}
      {asking === 'cancel' && <CancelModal booking={booking} onClose={close} onDone={setSaid} />}
    </div>
  )
}

function stayFacts(booking: Booking): [string, string][] {
  const people = [texts.bookings.guests(booking.guests)]
  if (booking.children > 0) people.push(texts.bookings.children(booking.children))
  const facts: [string, string | null | undefined][] = [
    [t.room, roomName(booking)],
    [
      t.dates,
      `${calendarDay(booking.check_in)} → ${calendarDay(booking.check_out)}, ${texts.bookings.nights(booking.nights)}`,
    ],
    [t.people, people.join(', ')],
    [t.phone, booking.guest_phone],
    [t.email, booking.guest_email],
    [t.pms, booking.pms_number],
  ]
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]))
}
