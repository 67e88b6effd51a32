// The appointments of one customer, where the house takes any.

import { useAppointments } from '../../api/people'
import { texts } from '../../texts'
import { capital, clock, dayAhead, dayName, money } from '../../ui/format'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Lines.module.css'

const t = texts.people

export function Appointments({ personId }: { personId: string }) {
  const query = useAppointments(personId)
  const now = useMinute()
  if (query.data === null) return null
  return (
    <Section title={t.appointments} query={query}>
      {query.data?.length === 0 && <p className={classes.none}>{t.noAppointments}</p>}
      <ul className={classes.list}>
        {query.data?.map(each => (
          <li key={each.code} className={classes.line} data-over={each.status !== 'booked'}>
            <span className={classes.words}>
              <strong>{each.service.name}</strong>
              <span className={classes.when}>
                {Date.parse(each.start) > now ? dayAhead(each.start, now) : dayName(each.start, now)},{' '}
                {clock(each.start)} · {t.minutes(each.service.minutes)} · {money(each.price)}
              </span>
            </span>
            <span className={classes.status}>{t.statuses[each.status] ?? capital(each.status)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
