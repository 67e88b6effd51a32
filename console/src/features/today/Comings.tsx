// Who comes and who goes today, by name; nothing is shown on a day without.

import { Link } from '@tanstack/react-router'
import { useSummary } from '../../api/house'
import type { ShortStay } from '../../api/schema'
import { texts } from '../../texts'
import { Section } from '../../ui/Section'
import classes from './TodayPage.module.css'

export function Comings() {
  const summary = useSummary().data
  return (
    <>
      <Stays title={texts.house.figures.arrivals} stays={summary?.arriving ?? []} />
      <Stays title={texts.house.figures.departures} stays={summary?.departing ?? []} />
    </>
  )
}

function Stays({ title, stays }: { title: string; stays: ShortStay[] }) {
  if (stays.length === 0) return null
  return (
    <Section title={`${title} (${stays.length})`}>
      <ul className={classes.stays}>
        {stays.map(stay => (
          <li key={stay.code}>
            <Link to="/reservas/$code" params={{ code: stay.code }} className={classes.stay}>
              <strong className={`${classes.stayName} clip`}>{stay.guest_name ?? texts.bookings.noGuest}</strong>
              <span className="muted">
                {[stay.type_name, stay.room_number, texts.bookings.guests(stay.guests)].filter(Boolean).join(' · ')}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
