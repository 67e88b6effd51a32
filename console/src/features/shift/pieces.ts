// Words for a piece of a day, by the clock of whoever's day it is. Pure.

import type { Piece } from '../../api/presenceState'
import { es } from '../../texts/es'
import { duration } from '../../ui/format'

const formats = new Map<string, Intl.DateTimeFormat>()

export function zonedClock(at: string | number, zone: string): string {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('es', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone })
    formats.set(zone, format)
  }
  return format.format(new Date(at))
}

export function stateWords(piece: Pick<Piece, 'state' | 'reason_name'>): string {
  const state = es.presence.states[piece.state]
  return piece.reason_name ? `${state} · ${piece.reason_name}` : state
}

export function pieceWords(piece: Piece, zone: string): string {
  const times = `${zonedClock(piece.start, zone)}–${zonedClock(piece.end, zone)}`
  return `${stateWords(piece)}, ${times}, ${duration(piece.seconds)}`
}
