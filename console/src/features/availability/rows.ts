// The grid as rows of segments: what lies beside what, where the keyboard goes next, which nights can be picked. Pure.

import type { Grid, GridRoom, GridStay, GridType } from '../../api/schema.grid'

const DAY = 86_400_000

export type Segment = { col: number; span: number; stay: GridStay | null }
export type Row = { room: GridRoom; type: GridType; segments: Segment[] }
export type Place = { room: string; col: number }
/** Nights of one room, from `col` on. */
export type Picked = { room: string; col: number; span: number }

export function shift(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

export function nightsBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY)
}

export function nightsOf(grid: Pick<Grid, 'from' | 'nights'>): string[] {
  return Array.from({ length: grid.nights }, (_, index) => shift(grid.from, index))
}

export function isWeekend(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay()
  return day === 0 || day === 6
}

/** Where a window begins that is to show `date`: a week and a month on their own first day, two weeks where one is. */
export function windowFor(date: string, nights: number): string {
  if (nights === 31) return `${date.slice(0, 8)}01`
  const day = new Date(`${date}T00:00:00Z`).getUTCDay()
  return shift(date, -((day + 6) % 7))
}

/** The window before or after: a month is another month, however long. */
export function windowBeside(from: string, nights: number, way: 1 | -1): string {
  if (nights !== 31) return shift(from, way * nights)
  const [year = 0, month = 1] = from.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + way, 1)).toISOString().slice(0, 10)
}

/** How many nights a window of about a month has. */
export function lengthOf(from: string, nights: number): number {
  return nights === 31 && from.endsWith('-01') ? nightsBetween(from, windowBeside(from, 31, 1)) : nights
}

/** Stays and free nights of a room, side by side without a gap. A free night is a segment of its own. */
export function segmentsOf(room: GridRoom, from: string, nights: number): Segment[] {
  const found: Segment[] = []
  const free = (until: number) => {
    for (let col = found.length ? end(found) : 0; col < until; col += 1) found.push({ col, span: 1, stay: null })
  }
  for (const stay of [...room.stays].sort((a, b) => a.first.localeCompare(b.first))) {
    const col = nightsBetween(from, stay.first)
    const span = Math.min(stay.nights, nights - col)
    if (col < 0 || span < 1 || (found.length && col < end(found))) continue
    free(col)
    found.push({ col, span, stay })
  }
  free(nights)
  return found
}

function end(segments: Segment[]): number {
  const last = segments[segments.length - 1]
  return last ? last.col + last.span : 0
}

export function rowsOf(grid: Grid, type: string | null): Row[] {
  return grid.types
    .filter(each => type === null || each.code === type)
    .flatMap(each => each.rooms.map(room => ({ room, type: each, segments: segmentsOf(room, grid.from, grid.nights) })))
}

export function segmentAt(row: Row | undefined, col: number): Segment | undefined {
  return row?.segments.find(each => each.col <= col && col < each.col + each.span)
}

/** Where a key leads from a place; null for keys that lead nowhere. */
export function step(rows: Row[], at: Place, key: string, ctrl = false): Place | null {
  const index = rows.findIndex(row => row.room.number === at.room)
  const row = rows[index]
  const here = segmentAt(row, at.col)
  if (!row || !here) return null
  const to = (next: Row | undefined, col: number): Place => (next ? { room: next.room.number, col } : at)
  switch (key) {
    case 'ArrowRight': {
      const next = segmentAt(row, here.col + here.span)
      return next ? to(row, next.col) : at
    }
    case 'ArrowLeft': {
      const before = segmentAt(row, here.col - 1)
      return before ? to(row, before.col) : at
    }
    case 'ArrowDown':
      return to(rows[index + 1], at.col)
    case 'ArrowUp':
      return to(rows[index - 1], at.col)
    case 'PageDown':
      return to(rows[Math.min(index + 5, rows.length - 1)], at.col)
    case 'PageUp':
      return to(rows[Math.max(index - 5, 0)], at.col)
    case 'Home':
      return to(ctrl ? rows[0] : row, 0)
    case 'End': {
      const last = ctrl ? rows[rows.length - 1] : row
      return to(last, last?.segments[last.segments.length - 1]?.col ?? at.col)
    }
    default:
      return null
  }
}

/** The free nights between two of them in one row, as far as nothing lies between. */
export function pick(row: Row | undefined, anchor: number, col: number): Picked | null {
  if (!row || segmentAt(row, anchor)?.stay !== null) return null
  const way = col < anchor ? -1 : 1
  let reached = anchor
  while (reached !== col && segmentAt(row, reached + way)?.stay === null) reached += way
  const first = Math.min(anchor, reached)
  return { room: row.room.number, col: first, span: Math.abs(reached - anchor) + 1 }
}

/** What the picked nights cost at the prices of the grid, in minor units. */
export function priceOf(type: GridType, col: number, span: number): number {
  return type.prices.slice(col, col + span).reduce((sum, each) => sum + each, 0)
}
