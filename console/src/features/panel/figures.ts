// Pure: periods by name, figures in groups, and numbers as they are read.

import type { Figure, Unit } from '../../api/reports'
import { texts } from '../../texts'
import type { board } from '../../texts/board'
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
    case 'month30':
      return { since: day(shifted(-29)), until: day(today) }
    case 'thisYear':
      return { since: day(new Date(today.getFullYear(), 0, 1)), until: day(today) }
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

/** What is shown together, in the order in which it matters to whoever directs the house. */
export const GROUPS: Record<keyof typeof board.groups, string[]> = {
  money: ['revenue', 'sales', 'conversion', 'holds', 'cancelled'],
  rooms: ['room_occupancy', 'adr', 'revpar', 'room_nights'],
  service: [
    'conversations',
    'solved_by_bot',
    'first_contact',
    'taken',
    'messages_in',
    'messages_bot',
    'messages_agent',
  ],
  answers: ['first_person', 'next_person', 'first_bot', 'next_bot', 'service_level'],
  calls: ['calls', 'answered', 'abandoned', 'talked', 'talk_time'],
  people: ['occupancy', 'handling'],
  quality: ['csat', 'mark', 'understood'],
  cost: ['cost', 'cost_per_conversation', 'cost_per_booking'],
}
/** What matters to who runs the floor, and to each one of themselves. */
export const OF_FLOOR = [
  'calls',
  'abandoned',
  'first_person',
  'service_level',
  'taken',
  'occupancy',
  'solved_by_bot',
  'sales',
]
export const OF_ME = [
  'taken',
  'messages_agent',
  'first_person',
  'next_person',
  'handling',
  'talked',
  'sales',
  'csat',
  'occupancy',
]
/** Beside a median, what nine in ten did not exceed. */
export const NINE: Record<string, string> = {
  first_bot: 'first_bot_p90',
  next_bot: 'next_bot_p90',
  first_person: 'first_person_p90',
  next_person: 'next_person_p90',
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
      return money({
        amount: Math.abs(value) < 10_000 ? Math.round(value) : Math.round(value / 100) * 100,
        currency: currency ?? 'ARS',
      })
  }
}

const short = new Intl.NumberFormat(numberLocale, { notation: 'compact', maximumFractionDigits: 1 })

/** As it stands beside an axis. */
export function brief(value: number, unit: Unit): string {
  if (unit === 'money') return `$ ${short.format(value / 100)}`
  return unit === 'count' ? short.format(value) : shown(value, unit, null)
}

export type Trend = 'better' | 'worse' | 'different' | 'same' | null

export type Against = 'before' | 'last_year'

/** Against another period; null where one of the two says nothing. */
export function trend(figure: Pick<Figure, 'value' | 'before' | 'last_year' | 'good'>, against: Against): Trend {
  const past = figure[against]
  if (figure.value === null || past === null) return null
  const change = Math.sign(figure.value - past)
  if (change === 0) return 'same'
  if (figure.good === 0) return 'different'
  return change === figure.good ? 'better' : 'worse'
}

/** What somebody typed as a price, in ten-thousandths; null where it is none. */
export function priceOf(typed: string): number | null {
  const plain = typed.trim().replace(',', '.')
  return /^\d{1,7}(\.\d{1,4})?$/.test(plain) ? Math.round(Number(plain) * 10_000) : null
}

const priced = new Intl.NumberFormat(numberLocale, { minimumFractionDigits: 2, maximumFractionDigits: 4 })

export const priceShown = (amount: number): string => priced.format(amount / 10_000)

const sized = new Intl.NumberFormat(numberLocale, { maximumFractionDigits: 1 })

export const sizeShown = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${sized.format(bytes / 1_000_000)} MB`
