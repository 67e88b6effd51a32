import { describe, expect, it } from 'vitest'
import { brief, GROUPS, periodOf, shown, trend } from '../src/features/panel/figures'

const at = new Date(2026, 2, 31, 23, 59).getTime()

describe('periods', () => {
  it('are days of the calendar, both included', () => {
    expect(periodOf('today', at)).toEqual({ since: '2026-03-31', until: '2026-03-31' })
    expect(periodOf('yesterday', at)).toEqual({ since: '2026-03-30', until: '2026-03-30' })
    expect(periodOf('week', at)).toEqual({ since: '2026-03-25', until: '2026-03-31' })
    expect(periodOf('month', at)).toEqual({ since: '2026-03-01', until: '2026-03-31' })
  })

  it('end a short month where it ends', () => {
    expect(periodOf('last', at)).toEqual({ since: '2026-02-01', until: '2026-02-28' })
    expect(periodOf('last', new Date(2026, 0, 15).getTime())).toEqual({ since: '2025-12-01', until: '2025-12-31' })
    expect(periodOf('year', at)).toEqual({ since: '2025-04-01', until: '2026-03-31' })
  })
})

describe('figures', () => {
  it('are read as what they are', () => {
    expect(shown(null, 'mark', null)).toBe('Sin datos')
    expect(shown(1234, 'count', null)).toBe('1.234')
    expect(shown(66.66, 'percent', null)).toBe('66,7 %')
    expect(shown(95.4, 'seconds', null)).toBe('1:35')
    expect(shown(13_600_049, 'money', 'ARS').replace(/\s/g, ' ')).toBe('$ 136.000')
  })

  it('are short beside an axis', () => {
    expect(brief(1_670_411_900, 'money').replace(/\s/g, ' ')).toBe('$ 16,7 M')
    expect(brief(1500, 'count')).toMatch(/^1,5/)
    expect(brief(50, 'percent')).toBe('50 %')
  })

  it('say whether it goes better, where one can say so', () => {
    expect(trend({ value: 2, before: 1, good: 1 })).toBe('better')
    expect(trend({ value: 2, before: 1, good: -1 })).toBe('worse')
    expect(trend({ value: 2, before: 1, good: 0 })).toBe('different')
    expect(trend({ value: 1, before: 1, good: 1 })).toBe('same')
    expect(trend({ value: null, before: 1, good: 1 })).toBeNull()
  })

  it('stand in one group each', () => {
    const all = Object.values(GROUPS).flat()
    expect(new Set(all).size).toBe(all.length)
  })
})
