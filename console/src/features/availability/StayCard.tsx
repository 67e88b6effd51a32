// Who is there, in a small card beside the bar, with a way to the booking and to what was said.

import { Popover, Stack } from '@mantine/core'
import { IconAlertTriangleFilled, IconMessages } from '@tabler/icons-react'
import type { GridStay } from '../../api/schema.grid'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { grid as t } from '../../texts/grid'
import { Countdown } from '../../ui/Countdown'
import { calendarDay, money } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { Facts } from '../../ui/Section'
import { ICONS } from './RoomRow'
import type { Row } from './rows'
import { nightsBetween } from './rows'
import classes from './StayCard.module.css'

type Props = { stay: GridStay; row: Row; at: DOMRect; onClose: () => void }

export function StayCard({ stay, row, at, onClose }: Props) {
  return (
    <Popover
      opened
      onDismiss={onClose}
      position="bottom-start"
      shadow="md"
      width={300}
      trapFocus
      returnFocus
      withinPortal
      withRoles={false}
      radius="md"
      middlewares={{ flip: true, shift: { padding: 12 } }}
    >
      <Popover.Target>
        <span
          className={classes.anchor}
          style={{ left: at.left, top: at.top, width: Math.min(at.width, 240), height: at.height }}
        />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t.roomOf(row.room.number)}>
        <Body stay={stay} row={row} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Body({ stay, row }: { stay: GridStay; row: Row }) {
  const seesThread = useMay('see_conversations')
  const Icon = ICONS[stay.what]
  const ours = stay.code !== null && stay.status !== undefined
  const nights = texts.bookings.nights(nightsBetween(stay.check_in, stay.check_out))
  const facts: [string, string][] = [
    [t.hold.room, `${row.room.number} · ${row.type.name}`],
    [t.card.stay, `${calendarDay(stay.check_in)} → ${calendarDay(stay.check_out)}, ${nights}`],
  ]
  if (stay.guests) facts.push([t.hold.guests, texts.bookings.guests(stay.guests)])
  if (stay.deposit) {
    const status = texts.bookings.deposits[stay.deposit_status ?? ''] ?? ''
    facts.push([t.card.deposit, [money(stay.deposit), status.toLowerCase()].filter(Boolean).join(', ')])
  }
  if (stay.pms_number) facts.push([t.card.number, stay.pms_number])
  return (
    <Stack gap={10}>
      <span className={classes.kind} data-what={stay.what}>
        <Icon size={15} aria-hidden />
        {t.kinds[stay.what]}
      </span>
      {ours && <strong className={classes.who}>{stay.guest_name ?? texts.bookings.noGuest}</strong>}
      {ours && <span className={classes.code}>{stay.code}</span>}
      {stay.hold_expires_at && <Countdown until={stay.hold_expires_at} />}
      {stay.contested && (
        <p className={classes.contested}>
          <IconAlertTriangleFilled size={16} aria-hidden />
          {t.contestedHelp}
        </p>
      )}
      {stay.what === 'pms' && <p className={classes.soft}>{t.card.outside}</p>}
      {stay.what === 'closed' && <p className={classes.soft}>{t.card.closed}</p>}
      <Facts items={facts} />
      {ours && stay.code && (
        <div className={classes.links}>
          <LinkButton to="/reservas/$code" params={{ code: stay.code }} size="sm" data-autofocus>
            {t.card.open}
          </LinkButton>
          {seesThread && stay.conversation_id && (
            <LinkButton
              to="/c/$id"
              params={{ id: stay.conversation_id }}
              variant="default"
              size="sm"
              leftSection={<IconMessages size={16} />}
            >
              {texts.booking.thread}
            </LinkButton>
          )}
        </div>
      )}
    </Stack>
  )
}
