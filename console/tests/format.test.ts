import { describe, expect, it } from 'vitest'
import { learnClock, serverNow } from '../src/api/clock'
import { timeLeft } from '../src/ui/countdown'
import { calendarDay, dayName, depositMoney, duration, initials, money, shortWhen } from '../src/ui/format'

const NOW = Date.parse('2026-11-21T15:00:00')

describe('countdown', () => {
  it('counts down by whole seconds and warns in the last five minutes', () => {
    const until = new Date(NOW + 18 * 60_000 + 42_000).toISOString()
    expect(timeLeft(until, NOW)).toEqual({ over: false, seconds: 1122, text: '18:42', urgent: false })
    expect(timeLeft(until, NOW + 14 * 60_000).urgent).toBe(true)
  })

  it('stays at zero once over', () => {
    const until = new Date(NOW).toISOString()
    expect(timeLeft(until, NOW + 90_000)).toEqual({ over: true, seconds: 0, text: '0:00', urgent: true })
  })
})

describe('server clock', () => {
  it('corrects a desk whose clock is wrong and ignores a second of delay', () => {
    learnClock('Sat, 21 Nov 2026 15:00:00 GMT', Date.parse('2026-11-21T15:00:01Z'))
    expect(serverNow(1_000)).toBe(1_000)
    learnClock('Sat, 21 Nov 2026 15:00:00 GMT', Date.parse('2026-11-21T14:00:00Z'))
    expect(serverNow(1_000)).toBe(3_601_000)
    learnClock(null)
    expect(serverNow(0)).toBe(3_600_000)
  })
})

describe('formats', () => {
  it('says when in as few letters as a list has room for', () => {
    expect(shortWhen('2026-11-21T09:05:00', NOW)).toBe('09:05')
    expect(shortWhen('2026-11-20T23:59:00', NOW)).toBe('Ayer')
    expect(shortWhen('2026-11-18T10:00:00', NOW)).toBe('Mié')
    expect(shortWhen('2026-10-02T10:00:00', NOW)).toBe('2 oct')
    expect(dayName('2026-11-21T00:10:00', NOW)).toBe('Hoy')
  })

  it('reads a night as a calendar date wherever the browser is', () => {
    expect(calendarDay('2026-12-05')).toBe('sáb 5 dic')
  })

  it('shows money in the currency, without empty cents', () => {
    expect(money({ amount: 13_600_000, currency: 'ARS' }).replace(/\s/g, ' ')).toBe('$ 136.000')
    expect(depositMoney({ amount: 5, currency: 'UYU', status: 'requested' })).toEqual({ amount: 5, currency: 'UYU' })
    expect(depositMoney({ amount: { amount: 5, currency: 'UYU' }, status: 'requested' }).amount).toBe(5)
    expect(money({ amount: 1050, currency: 'ARS' }).replace(/\s/g, ' ')).toBe('$ 10,50')
  })

  it('shortens names and durations', () => {
    expect(initials('María de los Ángeles Ñandú')).toBe('MÑ')
    expect(initials('')).toBe('')
    expect(duration(3725)).toBe('1:02:05')
  })
})
