// What stands above the rooms: the days, how full each night is, and per type its price and what is left of it.

import type { Grid, GridTotal, GridType } from '../../api/schema.grid'
import { grid as t } from '../../texts/grid'
import { locale, numberLocale } from '../../texts/language'
import { calendarDay, capital, money, percent } from '../../ui/format'
import classes from './GridHead.module.css'
import { Part } from './Part'
import { isWeekend } from './rows'

const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
const month = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' })
const compact = new Intl.NumberFormat(numberLocale, { notation: 'compact', maximumFractionDigits: 1 })

export function tint(night: string, grid: Grid): string | undefined {
  if (night === grid.today) return 'today'
  if (grid.holidays.includes(night)) return 'holiday'
  return isWeekend(night) ? 'weekend' : undefined
}

export function Days({ grid, nights }: { grid: Grid; nights: string[] }) {
  return (
    <Part part="row" className={classes.days}>
      <Part part="columnheader" className={classes.corner}>
        {t.rooms}
      </Part>
      {nights.map((night, index) => {
        const day = new Date(`${night}T00:00:00Z`)
        const holiday = grid.holidays.includes(night)
        const words = [calendarDay(night), holiday && t.holiday, night === grid.today && t.today].filter(Boolean)
        return (
          <Part
            key={night}
            part="columnheader"
            aria-label={words.join(', ')}
            title={words.join(', ')}
            data-night={night}
            data-tint={tint(night, grid)}
            className={classes.day}
          >
            <span className={classes.weekday}>{weekday.format(day).slice(0, 3)}</span>
            <span className={classes.number}>{day.getUTCDate()}</span>
            <span className={classes.month}>
              {holiday ? '★' : index === 0 || day.getUTCDate() === 1 ? capital(month.format(day)) : ''}
            </span>
          </Part>
        )
      })}
    </Part>
  )
}

export function Occupancy({ totals, grid }: { totals: GridTotal[]; grid: Grid }) {
  return (
    <Part part="row" className={classes.totals}>
      <Part part="rowheader" className={classes.corner}>
        {t.occupied}
      </Part>
      {totals.map(each => {
        const words = t.totalOf(each.sold, each.held, each.free, each.closed)
        return (
          <Part
            key={each.night}
            part="gridcell"
            title={words}
            data-tint={tint(each.night, grid)}
            className={classes.total}
          >
            <span className={classes.percent}>{percent(each.percent)}</span>
            <span className="visually-hidden">{words}</span>
            <span className={classes.bar}>
              <span style={{ width: `${each.percent}%` }} />
            </span>
          </Part>
        )
      })}
    </Part>
  )
}

export function TypeRow({ type, grid }: { type: GridType; grid: Grid }) {
  const about = type.price_is === 'average' ? t.average : t.perNight
  return (
    <Part part="row" className={classes.type} data-size={grid.nights > 14 ? 'month' : undefined}>
      <Part part="rowheader" className={classes.typeName} title={`${type.name}, ${t.places(type.capacity)}`}>
        <span>{type.name}</span>
      </Part>
      {type.totals.map((each, index) => {
        const price = type.prices[index] ?? 0
        const words = `${t.freeOf(each.free, each.rooms)}. ${about}: ${money({ amount: price, currency: type.currency })}`
        return (
          <Part
            key={each.night}
            part="gridcell"
            title={words}
            data-tint={tint(each.night, grid)}
            data-none={each.free === 0}
            className={classes.price}
          >
            <span className="visually-hidden">{words}</span>
            <span className={classes.left} aria-hidden>
              {each.free}
            </span>
            <span className={classes.amount} aria-hidden>
              {compact.format(price / 100)}
            </span>
          </Part>
        )
      })}
    </Part>
  )
}
