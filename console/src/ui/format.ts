// Dates, money, durations and phone numbers as people read them. Pure; the browser's time zone, words of the language.

import type { Deposit, Money } from '../api/schema'
import { texts } from '../texts'
import { language, locale, numberLocale } from '../texts/language'

const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false })
const timeWithSeconds = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' })
const dayMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
const nightDay = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })

export function clock(at: string | number): string {
  return time.format(new Date(at))
}

export function clockWithSeconds(at: string | number): string {
  return timeWithSeconds.format(new Date(at))
}

function daysBetween(at: Date, now: Date): number {
  const start = (day: Date) => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate())
  return Math.round((start(now) - start(at)) / 86_400_000)
}

/** For lists: the hour today, then "Ayer", the weekday, the date. */
export function shortWhen(at: string, now: number): string {
  const day = new Date(at)
  const days = daysBetween(day, new Date(now))
  if (days <= 0) return time.format(day)
  if (days === 1) return texts.common.yesterday
  return days < 7 ? capital(weekday.format(day)).slice(0, 3) : dayMonth.format(day)
}

/** For date separators. */
export function dayName(at: string, now: number): string {
  const day = new Date(at)
  const days = daysBetween(day, new Date(now))
  if (days === 0) return texts.common.today
  return days === 1 ? texts.common.yesterday : capital(longDay.format(day))
}

/** For what is still to come. */
export function dayAhead(at: string, now: number): string {
  const day = new Date(at)
  const days = -daysBetween(day, new Date(now))
  if (days === 0) return texts.common.today
  return days === 1 ? texts.common.tomorrow : capital(longDay.format(day))
}

/** A night of a booking: a calendar date, the same in every time zone. */
export function calendarDay(date: string): string {
  return nightDay.format(new Date(`${date}T00:00:00Z`)).replace(',', '')
}

export function depositMoney(deposit: Deposit): Money {
  return typeof deposit.amount === 'number'
    ? { amount: deposit.amount, currency: 'currency' in deposit ? deposit.currency : 'ARS' }
    : deposit.amount
}

export function money(value: Money): string {
  const whole = value.amount % 100 === 0
  return new Intl.NumberFormat(numberLocale, {
    style: 'currency',
    currency: value.currency,
    minimumFractionDigits: whole ? 0 : 2,
    maximumFractionDigits: whole ? 0 : 2,
  }).format(value.amount / 100)
}

/** Of a hundred. */
export function percent(value: number): string {
  const number = new Intl.NumberFormat(numberLocale, { maximumFractionDigits: 1 }).format(value)
  return language === 'en' ? `${number}%` : `${number} %`
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

export function initials(name: string | null | undefined): string {
  const words = (name ?? '').trim().split(/\s+/).filter(Boolean)
  return [words[0], words.length > 1 ? words[words.length - 1] : undefined]
    .map(word => (word ? ([...word][0] ?? '') : ''))
    .join('')
    .toLocaleUpperCase(locale)
}

export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)
}
