// The agenda with room to the sides: a column for each resource of a day, or for each day of a week.

import type { Appointment } from '../../api/schema.people'
import type { Agenda } from '../../api/schema.trade'
import { trade } from '../../texts/trade'
import { calendarDay } from '../../ui/format'
import { useMinute } from '../../ui/useNow'
import classes from './AgendaPage.module.css'
import type { Start } from './BookModal'
import { DayColumn } from './DayColumn'
import { asClock, blocksOf, clockIn, openOn, rangeOf } from './lanes'

const t = trade.agenda

export type Shown = {
  agenda: Agenda
  days: string[]
  appointments: Appointment[]
  today: string
  onOpen: (appointment: Appointment) => void
  onAdd: ((start: Start) => void) | undefined
}

export function Columns(props: Shown & { resource: Agenda['resources'][number] | null }) {
  const { agenda, days, appointments, today, resource, onOpen, onAdd } = props
  const names = Object.fromEntries(agenda.resources.map(each => [each.code, each.name]))
  const range = rangeOf(
    agenda,
    days,
    days.flatMap(day => blocksOf(appointments, day, agenda.timezone)),
  )
  const minute = clockIn(agenda.timezone, new Date(useMinute()).toISOString()).minute
  const hours = Array.from({ length: (range[1] - range[0]) / 60 }, (_, index) => range[0] + index * 60)
  const columns =
    days.length > 1
      ? days.map(day => ({ key: day, day, code: resource?.code ?? null, of: appointments }))
      : (resource ? [resource] : agenda.resources).map(each => ({
          key: each.code,
          day: days[0] ?? today,
          code: each.code,
          of: appointments.filter(one => one.resource === each.code),
        }))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached with the keyboard.
    <section className={classes.frame} tabIndex={0} aria-label={t.title}>
      <div className={classes.hours} aria-hidden style={{ height: (range[1] - range[0]) * 1.1 }}>
        {hours.map(each => (
          <span key={each}>{asClock(each)}</span>
        ))}
      </div>
      {columns.map(({ key, day, code, of }) => {
        const blocks = blocksOf(of, day, agenda.timezone)
        const one = agenda.resources.find(each => each.code === code)
        return (
          <DayColumn
            key={key}
            title={days.length > 1 ? calendarDay(day) : (one?.name ?? '')}
            sub={
              days.length > 1 ? t.busy(blocks.length) : `${t.busy(blocks.length)} · ${t.capacity(one?.capacity ?? 1)}`
            }
            today={days.length > 1 && day === today}
            blocks={blocks}
            range={range}
            open={openOn(agenda, day)}
            names={days.length > 1 && !resource ? names : {}}
            now={day === today ? minute : null}
            onOpen={block => onOpen(block.appointment)}
            onAdd={onAdd && day >= today ? at => onAdd({ day, minute: at, resource: code }) : undefined}
          />
        )
      })}
    </section>
  )
}
