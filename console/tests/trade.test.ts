import { describe, expect, it } from 'vitest'
import type { Appointment } from '../src/api/schema.people'
import { asClock, blocksOf, clockIn, openOn, rangeOf, weekdayOf } from '../src/features/agenda/lanes'
import { monthBeside } from '../src/features/partners/months'

const ZONE = 'America/Argentina/Buenos_Aires'

function made(code: string, start: string, minutes: number, status = 'booked'): Appointment {
  return {
    code,
    service: { code: 'masaje', name: 'Masaje', minutes },
    resource: 'sala',
    start,
    end: new Date(Date.parse(start) + minutes * 60_000).toISOString(),
    status,
    price: { amount: 1, currency: 'ARS' },
    name: null,
    phone: null,
    person_id: 'per_1',
    conversation_id: null,
  }
}

describe('the agenda', () => {
  it('stands by the clock of the house, not of the browser', () => {
    expect(clockIn(ZONE, '2026-12-02T01:30:00+00:00')).toEqual({ day: '2026-12-01', minute: 22 * 60 + 30 })
    expect(weekdayOf('2026-12-06')).toBe(6)
  })

  it('puts side by side what meets, and nothing else', () => {
    const all = [
      made('A', '2026-12-01T12:00:00Z', 60),
      made('B', '2026-12-01T12:30:00Z', 60),
      made('C', '2026-12-01T13:00:00Z', 60),
      made('D', '2026-12-01T15:00:00Z', 30),
      made('X', '2026-12-01T12:00:00Z', 60, 'cancelled'),
      made('Y', '2026-12-02T12:00:00Z', 60),
    ]
    const blocks = blocksOf(all, '2026-12-01', ZONE)
    expect(blocks.map(each => [each.appointment.code, each.lane, each.lanes])).toEqual([
      ['A', 0, 2],
      ['B', 1, 2],
      ['C', 0, 2],
      ['D', 0, 1],
    ])
    expect(blocks[0]?.from).toBe(9 * 60)
  })

  it('shows the hours that are open and whatever is booked outside of them', () => {
    const agenda = { hours: { '1': [['10:30', '13:00']] as [string, string][] }, closed: ['2026-12-08'] }
    expect(openOn(agenda, '2026-12-01')).toEqual([[630, 780]])
    expect(openOn(agenda, '2026-12-08')).toEqual([])
    expect(openOn(agenda, '2026-12-02')).toEqual([])
    const late = blocksOf([made('L', '2026-12-01T20:00:00Z', 90)], '2026-12-01', ZONE)
    expect(rangeOf(agenda, ['2026-12-01'], late).map(asClock)).toEqual(['10:00', '19:00'])
    expect(rangeOf(agenda, ['2026-12-02'], []).map(asClock)).toEqual(['09:00', '18:00'])
  })

  it('goes from month to month over the year', () => {
    expect(monthBeside('2026-12', 1)).toBe('2027-01')
    expect(monthBeside('2026-01', -1)).toBe('2025-12')
  })
})
