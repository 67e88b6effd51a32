// Pure: periods by name, figures in groups, and numbers as they are read.

import type { Figure, Unit } from '../../api/reports'
import { texts } from '../../texts'
import { numberLocale } from '../../texts/language'
import { duration, money, percent } from '../../ui/format'

export type PeriodName = keyof typeof texts.figures.periods

const day = (date: Date) =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`

/** `now` by this browser's clock; the server adds up days by the house's. */
export function periodOf(name: Exclude<PeriodName, 'custom'>, now: number): { since: string; until: string } {
  const today = new Date(now)
  const shifted = (days: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() + days)
  switch (name) {
    case 'today':
      return { since: day(today), until: day(today) }
    case 'yesterday':
      return { since: day(shifted(-1)), until: day(shifted(-1)) }
    case 'week':
      return { since: day(shifted(-6)), until: day(today) }
    case 'month':
      return { since: day(new Date(today.getFullYear(), today.getMonth(), 1)), until: day(today) }
    case 'last':
      return {
        since: day(new Date(today.getFullYear(), today.getMonth() - 1, 1)),
        until: day(new Date(today.getFullYear(), today.getMonth(), 0)),
      }
    case 'year':
      return { since: day(shifted(-364)), until: day(today) }
  }
}

export const GROUPS: Record<keyof typeof texts.figures.groups, string[]> = {
  sales: ['revenue', 'sales', 'conversion', 'holds', 'cancelled'],
  service: ['conversations', 'solved_by_bot', 'taken', 'messages_in', 'messages_bot', 'messages_agent', 'understood'],
  calls: ['calls', 'answered', 'talk_time'],
  quality: ['csat', 'mark'],
}

const number = new Intl.NumberFormat(numberLocale, { maximumFractionDigits: 1 })

export function shown(value: number | null, unit: Unit, currency: string | null): string {
  if (value === null) return texts.figures.nothing
  switch (unit) {
    case 'count':
      return number.format(value)
    case 'percent':
      return percent(value)
    case 'mark':
      return number.format(value)
    case 'seconds':
      return duration(value)
    case 'money':
      return money({ amount: Math.round(value / 100) * 100, currency: currency ?? 'ARS' })
  }
}

const short = new Intl.NumberFormat(numberLocale, { notation: 'compact', maximumFractionDigits: 1 })

/** As it stands beside an axis. */
export function brief(value: number, unit: Unit): string {
  if (unit === 'money') return `$ ${short.format(value / 100)}`
  return unit === 'count' ? short.format(value) : shown(value, unit, null)
}

export type Trend = 'better' | 'worse' | 'different' | 'same' | null

/** Against the period before; null where one of the two says nothing. */
export function trend(figure: Pick<Figure, 'value' | 'before' | 'good'>): Trend {
  if (figure.value === null || figure.before === null) return null
  const change = Math.sign(figure.value - figure.before)
  if (change === 0) return 'same'
  if (figure.good === 0) return 'different'
  return change === figure.good ? 'better' : 'worse'
}
