// Words for a piece of a day, by the clock of whoever's day it is. Pure.

import type { Piece } from '../../api/presenceState'
import { texts } from '../../texts'
import { locale } from '../../texts/language'
import { duration } from '../../ui/format'

const formats = new Map<string, Intl.DateTimeFormat>()

export function zonedClock(at: string | number, zone: string): string {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone })
    formats.set(zone, format)
  }
  return format.format(new Date(at))
}

export function stateWords(piece: Pick<Piece, 'state' | 'reason_name'>): string {
  const state = texts.presence.states[piece.state]
  return piece.reason_name ? `${state} · ${piece.reason_name}` : state
}

export function pieceWords(piece: Piece, zone: string): string {
  const times = `${zonedClock(piece.start, zone)}–${zonedClock(piece.end, zone)}`
  return `${stateWords(piece)}, ${times}, ${duration(piece.seconds)}`
}

/** For a field: the time of day with seconds, by that zone's clock. */
export function zonedTime(at: string | number, zone: string): string {
  const parts = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: zone }).format(new Date(at))
}

const HALF_A_DAY = 12 * 3_600_000

/** The moment nearest to `near` at which that zone's clock shows `time`; null for what is no time. */
export function zonedInstant(time: string, near: string, zone: string): number | null {
  const seconds = clockSeconds(time)
  if (seconds === null) return null
  const base = Date.parse(near)
  let step = (seconds - (clockSeconds(zonedTime(base, zone)) ?? 0)) * 1000
  if (step > HALF_A_DAY) step -= 2 * HALF_A_DAY
  if (step < -HALF_A_DAY) step += 2 * HALF_A_DAY
  return base + step
}

function clockSeconds(time: string): number | null {
  const found = /^(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(time)
  return found ? Number(found[1]) * 3_600 + Number(found[2]) * 60 + Number(found[3] ?? 0) : null
}
