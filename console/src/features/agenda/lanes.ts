// Appointments as blocks of a day: how high they stand, how tall they are, and which lie side by side. Pure.

import type { Appointment } from '../../api/schema.people'
import type { Agenda } from '../../api/schema.trade'

export type Block = { appointment: Appointment; from: number; until: number; lane: number; lanes: number }
export type Clock = { day: string; minute: number }

/** What the house's clock shows at a moment. */
export function clockIn(zone: string, at: string): Clock {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(at))
  const part = (name: string) => parts.find(each => each.type === name)?.value ?? '00'
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  }
}

/** Blocks of one day, those that meet side by side. */
export function blocksOf(appointments: Appointment[], day: string, zone: string): Block[] {
  const found = appointments
    .filter(each => each.status !== 'cancelled' && clockIn(zone, each.start).day === day)
    .map(appointment => {
      const from = clockIn(zone, appointment.start).minute
      const length = (Date.parse(appointment.end) - Date.parse(appointment.start)) / 60_000
      return { appointment, from, until: from + length, lane: 0, lanes: 1 }
    })
    .sort((a, b) => a.from - b.from || a.until - b.until)
  let together: Block[] = []
  let ends: number[] = []
  const close = () => {
    for (const each of together) each.lanes = ends.length
    together = []
    ends = []
  }
  for (const block of found) {
    if (ends.every(end => end <= block.from)) close()
    const free = ends.findIndex(end => end <= block.from)
    block.lane = free === -1 ? ends.length : free
    ends[block.lane] = block.until
    together.push(block)
  }
  close()
  return found
}

function minutes(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number)
  return hour * 60 + minute
}

export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
}

/** When the house serves on a day, in minutes; nothing where it does not. */
export function openOn(agenda: Pick<Agenda, 'hours' | 'closed'>, day: string): [number, number][] {
  if (agenda.closed.includes(day)) return []
  return (agenda.hours[String(weekdayOf(day))] ?? []).map(([from, until]) => [minutes(from), minutes(until)])
}

/** From which full hour to which one the picture goes: all that is open and all that is booked. */
export function rangeOf(agenda: Pick<Agenda, 'hours' | 'closed'>, days: string[], blocks: Block[]): [number, number] {
  const spans = [...days.flatMap(day => openOn(agenda, day)), ...blocks.map(each => [each.from, each.until] as const)]
  if (spans.length === 0) return [9 * 60, 18 * 60]
  const from = Math.min(...spans.map(each => each[0]))
  const until = Math.max(...spans.map(each => each[1]))
  return [Math.floor(from / 60) * 60, Math.ceil(until / 60) * 60]
}

export function asClock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
