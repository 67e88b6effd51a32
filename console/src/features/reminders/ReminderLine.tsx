// One reminder: when, to whom, by what way, and what became of it.

import { Button } from '@mantine/core'
import { IconBell, IconBellOff, IconBellX, IconCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { DueReminder } from '../../api/outreach'
import { outreach } from '../../texts/outreach'
import { calendarDay, clock, dayName } from '../../ui/format'
import { useMinute } from '../../ui/useNow'
import classes from './Reminders.module.css'
import type { Deed } from './useReminderDeeds'

const t = outreach.reminders
const ICONS = { planned: IconBell, sent: IconCheck, skipped: IconBellX, cancelled: IconBellOff }

type Props = {
  reminder: DueReminder
  mayChange: boolean
  withDay: boolean
  busy: boolean
  onSee: () => void
  onDo: (what: Deed) => void
}

export function ReminderLine({ reminder, mayChange, withDay, busy, onSee, onDo }: Props) {
  const now = useMinute()
  const guest = reminder.guest_name ?? t.noGuest
  const at = (reminder.state === 'sent' && reminder.sent_at) || reminder.due_at
  const Icon = ICONS[reminder.state as keyof typeof ICONS] ?? IconBell
  const why = reminder.state === 'planned' || reminder.state === 'sent' ? null : reminder.reason_text
  return (
    <li className={classes.line} data-state={reminder.state}>
      <time className={classes.at} dateTime={at}>
        {withDay && <span>{dayName(at, now)}</span>}
        {clock(at)}
      </time>
      <span className={classes.mark} aria-hidden>
        <Icon size={18} stroke={1.8} />
      </span>
      <div className={classes.words}>
        <strong>
          {reminder.code ? (
            <Link to="/reservas/$code" params={{ code: reminder.code }}>
              {guest}
            </Link>
          ) : (
            guest
          )}
        </strong>
        <span>
          {reminder.title} · {t.states[reminder.state] ?? reminder.state}
          {reminder.channel ? ` ${t.by(outreach.channels[reminder.channel] ?? reminder.channel)}` : ''}
        </span>
        {why && <span className={classes.why}>{why}</span>}
        {reminder.check_in && reminder.check_out && (
          <span>
            {t.stay(calendarDay(reminder.check_in), calendarDay(reminder.check_out))} · {reminder.code}
          </span>
        )}
      </div>
      <div className={classes.verbs}>
        <Button variant="default" size="xs" aria-label={t.previewOf(guest)} onClick={onSee}>
          {t.preview}
        </Button>
        {mayChange && reminder.actions.includes('cancel') && (
          <Button
            variant="subtle"
            color="gray"
            size="xs"
            loading={busy}
            aria-label={`${t.cancel}: ${reminder.title ?? ''}, ${guest}`}
            onClick={() => onDo('cancel')}
          >
            {t.cancel}
          </Button>
        )}
        {mayChange && reminder.actions.includes('again') && (
          <Button
            variant="light"
            size="xs"
            loading={busy}
            aria-label={`${t.again}: ${reminder.title ?? ''}, ${guest}`}
            onClick={() => onDo('again')}
          >
            {t.again}
          </Button>
        )}
      </div>
    </li>
  )
}
