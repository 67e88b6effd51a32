// The agenda on a telephone: what there is, by day and time.

import { IconChevronRight } from '@tabler/icons-react'
import { trade } from '../../texts/trade'
import { calendarDay, capital } from '../../ui/format'
import type { Shown } from './Columns'
import classes from './DayList.module.css'
import { asClock, blocksOf, openOn } from './lanes'

const t = trade.agenda

export function DayList({ agenda, days, appointments, today, onOpen }: Shown) {
  const names = Object.fromEntries(agenda.resources.map(each => [each.code, each.name]))
  return (
    <div className={classes.list}>
      {days.map(day => {
        const blocks = blocksOf(appointments, day, agenda.timezone)
        const nothing = openOn(agenda, day).length === 0 ? t.closed : t.empty
        return (
          <section key={day} aria-label={calendarDay(day)}>
            <h2 className={classes.listDay} data-today={day === today}>
              {capital(calendarDay(day))}
            </h2>
            {blocks.length === 0 && <p className={classes.none}>{nothing}</p>}
            {blocks.map(({ appointment, from }) => (
              <button key={appointment.code} type="button" className={classes.line} onClick={() => onOpen(appointment)}>
                <span className={classes.lineTime}>{asClock(from)}</span>
                <span className={classes.lineWords}>
                  <strong>{appointment.name ?? appointment.code}</strong>
                  <span>
                    {appointment.service.name} · {names[appointment.resource]}
                  </span>
                </span>
                <IconChevronRight size={18} aria-hidden />
              </button>
            ))}
          </section>
        )
      })}
    </div>
  )
}
