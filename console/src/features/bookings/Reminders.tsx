// What the guest will be told and when; one that is not wanted can be called off.

import { ActionIcon } from '@mantine/core'
import { IconBell, IconBellOff, IconCheck, IconX } from '@tabler/icons-react'
import { useCancelReminder, useReminders } from '../../api/booking'
import type { Booking, Reminder } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { channelName } from '../../ui/ChannelAvatar'
import { capital, clock, dayAhead, dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './Parts.module.css'
import { standing } from './stay'

const t = texts.booking

export function Reminders({ booking }: { booking: Booking }) {
  const query = useReminders(booking.code)
  const cancel = useCancelReminder(booking.code)
  const mayChange = useMay('change_bookings')
  const items = standing(query.data ?? [])
  return (
    <Section title={t.reminders} query={query}>
      {items.length === 0 ? (
        <p className={classes.soft}>{t.remindersNone}</p>
      ) : (
        <ul className={classes.reminders}>
          {items.map(reminder => (
            <ReminderRow
              key={reminder.id}
              reminder={reminder}
              onCancel={
                mayChange && reminder.state === 'planned' && !cancel.isPending
                  ? () => cancel.mutate(reminder.id)
                  : undefined
              }
            />
          ))}
        </ul>
      )}
      {cancel.error && (
        <p className={classes.bad} role="alert">
          {explain(cancel.error)}
        </p>
      )}
    </Section>
  )
}

function ReminderRow({ reminder, onCancel }: { reminder: Reminder; onCancel: (() => void) | undefined }) {
  const now = useMinute()
  const sent = reminder.state === 'sent'
  const Icon = sent ? IconCheck : reminder.state === 'planned' ? IconBell : IconBellOff
  const at = (sent && reminder.sent_at) || reminder.due_at
  const day = Date.parse(at) > now ? dayAhead(at, now) : dayName(at, now)
  const why = reminder.state === 'planned' || sent ? null : reminder.reason_text
  return (
    <li data-state={reminder.state}>
      <Icon size={18} stroke={1.8} aria-hidden />
      <div>
        <strong>
          {reminder.title ?? t.reminderKinds[reminder.kind] ?? capital(reminder.kind.replaceAll('_', ' '))}
        </strong>
        <span>
          {t.reminderStates[reminder.state] ?? reminder.state} · {day} {clock(at)}
          {reminder.channel ? ` · ${channelName(reminder.channel)}` : ''}
          {why ? ` · ${why}` : ''}
        </span>
      </div>
      {onCancel && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t.reminderCancel}
          title={t.reminderCancel}
          onClick={onCancel}
        >
          <IconX size={17} />
        </ActionIcon>
      )}
    </li>
  )
}
