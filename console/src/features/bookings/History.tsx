// Everything that happened to a booking, the latest first.

import { useHistory } from '../../api/booking'
import type { Booking } from '../../api/schema'
import { texts } from '../../texts'
import { clock, dayName, money } from '../../ui/format'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import { historyLines } from './history'
import classes from './Parts.module.css'

const t = texts.booking

export function History({ booking }: { booking: Booking }) {
  const query = useHistory(booking.code)
  const { currency } = booking.total
  const now = useMinute()
  const lines = historyLines(query.data ?? [])
  return (
    <Section title={t.history} query={query}>
      {lines.length === 0 ? (
        <p className={classes.soft}>{t.historyNone}</p>
      ) : (
        <ol className={classes.history}>
          {lines.map(line => (
            <li key={line.key}>
              <strong>
                {line.what}
                {line.amount !== null && ` · ${money({ amount: line.amount, currency })}`}
              </strong>
              {line.why && <span>{line.why}</span>}
              <time dateTime={line.at}>
                {dayName(line.at, now)}, {clock(line.at)} · {line.who}
              </time>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}
