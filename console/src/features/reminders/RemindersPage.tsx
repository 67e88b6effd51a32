// What is written around each stay: what leaves on a day, what did not leave and why, and what each one will say.

import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { IconBellCheck, IconChevronLeft, IconChevronRight, IconMoonStars, IconSearch } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useDueReminders } from '../../api/outreach'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { outreach } from '../../texts/outreach'
import { Section } from '../../ui/Section'
import { NoPermission, Placeholder } from '../../ui/StatePages'
import { dayAfter, matching, today } from './days'
import { PreviewModal } from './PreviewModal'
import { ReminderLine } from './ReminderLine'
import classes from './Reminders.module.css'
import { Undo } from './Undo'
import { useReminderDeeds } from './useReminderDeeds'

const t = outreach.reminders

export function RemindersPage() {
  const { dia, ver } = useSearch({ strict: false })
  const navigate = useNavigate()
  const may = useMay('see_bookings')
  const mayChange = useMay('change_bookings')
  const day = dia ?? today()
  const unsent = ver === 'fallidos'
  const query = useDueReminders(unsent ? null : day)
  const deeds = useReminderDeeds()
  const [q, setQ] = useState('')
  const [seen, setSeen] = useState<string | null>(null)
  if (!may) return <NoPermission />
  const go = (next: string) =>
    void navigate({ to: '/recordatorios', search: next === today() ? {} : { dia: next }, replace: true })
  const all = query.data ?? []
  const shown = matching(all, q)
  const count = (state: string) => all.filter(each => each.state === state).length
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <header>
          <h1 className={classes.title}>{t.title}</h1>
          <p className={classes.soft}>{t.help}</p>
        </header>
        <div className={classes.bar}>
          <SegmentedControl
            aria-label={t.title}
            data={[
              { value: 'day', label: t.tabs.day },
              { value: 'unsent', label: t.tabs.unsent },
            ]}
            value={unsent ? 'unsent' : 'day'}
            onChange={value =>
              void navigate({ to: '/recordatorios', search: value === 'unsent' ? { ver: 'fallidos' } : {} })
            }
          />
          {!unsent && (
            <fieldset className={classes.days} aria-label={t.day}>
              <Button variant="default" px={10} aria-label={t.before} onClick={() => go(dayAfter(day, -1))}>
                <IconChevronLeft size={18} aria-hidden />
              </Button>
              <input
                type="date"
                className={classes.date}
                aria-label={t.day}
                value={day}
                onChange={event => event.currentTarget.value && go(event.currentTarget.value)}
              />
              <Button variant="default" px={10} aria-label={t.after} onClick={() => go(dayAfter(day, 1))}>
                <IconChevronRight size={18} aria-hidden />
              </Button>
              {day !== today() && (
                <Button variant="subtle" onClick={() => go(today())}>
                  {t.today}
                </Button>
              )}
            </fieldset>
          )}
          <TextInput
            type="search"
            className={classes.find ?? ''}
            aria-label={t.find}
            placeholder={t.find}
            leftSection={<IconSearch size={16} />}
            value={q}
            onChange={event => setQ(event.currentTarget.value)}
          />
        </div>
        <p className={classes.quiet}>
          <IconMoonStars size={17} aria-hidden /> {t.quiet}
        </p>
        <Section
          title={unsent ? t.tabs.unsent : t.tabs.day}
          query={query}
          aside={
            !unsent && all.length > 0 ? (
              <span className={classes.soft}>
                {t.summary(count('planned'), count('sent'), count('skipped') + count('cancelled'))}
              </span>
            ) : undefined
          }
        >
          {all.length === 0 ? (
            <Placeholder icon={<IconBellCheck />} title={unsent ? t.noneUnsent : t.noneDay}>
              {unsent ? t.noneUnsentHelp : t.noneDayHelp}
            </Placeholder>
          ) : shown.length === 0 ? (
            <p className={classes.soft} role="status">
              {t.noMatch(q)}
            </p>
          ) : (
            <ul className={classes.list}>
              {shown.map(reminder => (
                <ReminderLine
                  key={reminder.id}
                  reminder={reminder}
                  mayChange={mayChange}
                  withDay={unsent}
                  busy={deeds.busy === reminder.id}
                  onSee={() => setSeen(reminder.id)}
                  onDo={what => deeds.run(reminder.id, what)}
                />
              ))}
            </ul>
          )}
        </Section>
      </div>
      <Undo deeds={deeds} />
      {seen && <PreviewModal id={seen} onClose={() => setSeen(null)} />}
      <span className="visually-hidden" role="status">
        {query.isFetching && !query.data ? texts.common.loading : ''}
      </span>
    </div>
  )
}
