import { describe, expect, it } from 'vitest'
import { brief, GROUPS, periodOf, priceOf, priceShown, shown, trend } from '../src/features/panel/figures'

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
    expect(periodOf('month30', at)).toEqual({ since: '2026-03-02', until: '2026-03-31' })
    expect(periodOf('thisYear', at)).toEqual({ since: '2026-01-01', until: '2026-03-31' })
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
    expect(trend({ value: 2, before: 1, last_year: null, good: 1 }, 'before')).toBe('better')
    expect(trend({ value: 2, before: 1, last_year: null, good: -1 }, 'before')).toBe('worse')
    expect(trend({ value: 2, before: 1, last_year: null, good: 0 }, 'before')).toBe('different')
    expect(trend({ value: 1, before: 1, last_year: null, good: 1 }, 'before')).toBe('same')
    expect(trend({ value: 2, before: 1, last_year: 3, good: 1 }, 'last_year')).toBe('worse')
    expect(trend({ value: 2, before: 1, last_year: null, good: 1 }, 'last_year')).toBeNull()
    expect(trend({ value: null, before: 1, last_year: null, good: 1 }, 'before')).toBeNull()
  })

  it('stand in one group each', () => {
    const all = Object.values(GROUPS).flat()
    expect(new Set(all).size).toBe(all.length)
  })

  it('take prices as they are typed, to ten-thousandths', () => {
    expect(priceOf('0,0085')).toBe(85)
    expect(priceOf(' 12.5 ')).toBe(125_000)
    for (const wrong of ['', '-1', '1,23456', 'x', '1.2.3']) expect(priceOf(wrong)).toBeNull()
    expect(priceShown(85)).toBe('0,0085')
  })
})
