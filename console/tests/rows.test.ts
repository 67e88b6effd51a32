import { describe, expect, it } from 'vitest'
import type { Grid, GridStay } from '../src/api/schema.grid'
import {
  isWeekend,
  lengthOf,
  pick,
  priceOf,
  rowsOf,
  segmentAt,
  segmentsOf,
  shift,
  step,
  windowBeside,
  windowFor,
} from '../src/features/availability/rows'

const stay = (first: string, nights: number): GridStay => ({
  first,
  nights,
  what: 'hold',
  check_in: first,
  check_out: shift(first, nights),
  code: 'RL-AAAAA',
  pms_number: null,
  contested: false,
})

const grid: Grid = {
  from: '2026-12-01',
  nights: 7,
  today: '2026-12-02',
  as_of: null,
  pms: 'ok',
  read_only: false,
  holidays: [],
  totals: [],
  types: [
    {
      code: 'doble',
      name: 'Doble',
      capacity: 2,
      currency: 'ARS',
      prices: [1, 2, 3, 4, 5, 6, 7],
      price_is: 'night',
      totals: [],
      rooms: [
        { number: '201', stays: [stay('2026-12-03', 2)] },
        { number: '202', stays: [] },
      ],
    },
    {
      code: 'suite',
      name: 'Suite',
      capacity: 4,
      currency: 'ARS',
      prices: [],
      price_is: 'night',
      totals: [],
      rooms: [{ number: '301', stays: [stay('2026-12-01', 7)] }],
    },
  ],
}

describe('rows of the grid', () => {
  const rows = rowsOf(grid, null)

  it('puts stays and free nights side by side without a gap', () => {
    const segments = rows[0]?.segments ?? []
    expect(segments.map(each => [each.col, each.span, each.stay !== null])).toEqual([
      [0, 1, false],
      [1, 1, false],
      [2, 2, true],
      [4, 1, false],
      [5, 1, false],
      [6, 1, false],
    ])
    expect(rows[2]?.segments).toHaveLength(1)
    expect(rowsOf(grid, 'suite').map(row => row.room.number)).toEqual(['301'])
  })

  it('does not draw over the end, nor one stay over another', () => {
    const long = { number: '1', stays: [stay('2026-12-06', 9), stay('2026-12-07', 1), stay('2026-11-30', 1)] }
    expect(segmentsOf(long, '2026-12-01', 7).at(-1)).toMatchObject({ col: 5, span: 2 })
  })

  it('moves over a stay as one, and keeps the night from row to row', () => {
    expect(step(rows, { room: '201', col: 1 }, 'ArrowRight')).toEqual({ room: '201', col: 2 })
    expect(step(rows, { room: '201', col: 2 }, 'ArrowRight')).toEqual({ room: '201', col: 4 })
    expect(step(rows, { room: '201', col: 4 }, 'ArrowLeft')).toEqual({ room: '201', col: 2 })
    expect(step(rows, { room: '202', col: 5 }, 'ArrowDown')).toEqual({ room: '301', col: 5 })
    expect(step(rows, { room: '201', col: 0 }, 'ArrowUp')).toEqual({ room: '201', col: 0 })
    expect(step(rows, { room: '201', col: 3 }, 'Home')).toEqual({ room: '201', col: 0 })
    expect(step(rows, { room: '201', col: 3 }, 'End', true)).toEqual({ room: '301', col: 0 })
    expect(step(rows, { room: '201', col: 3 }, 'x')).toBeNull()
    expect(segmentAt(rows[0], 3)?.stay?.code).toBe('RL-AAAAA')
  })

  it('picks free nights up to the next stay, both ways, and none of a stay', () => {
    expect(pick(rows[0], 0, 6)).toEqual({ room: '201', col: 0, span: 2 })
    expect(pick(rows[0], 6, 0)).toEqual({ room: '201', col: 4, span: 3 })
    expect(pick(rows[0], 2, 4)).toBeNull()
    expect(priceOf(grid.types[0] as never, 4, 3)).toBe(18)
  })

  it('knows weekends, weeks from Monday and months of any length', () => {
    expect(isWeekend('2026-12-05')).toBe(true)
    expect(isWeekend('2026-12-07')).toBe(false)
    expect(windowFor('2026-12-06', 7)).toBe('2026-11-30')
    expect(windowFor('2026-12-06', 31)).toBe('2026-12-01')
    expect(windowBeside('2026-12-01', 31, 1)).toBe('2027-01-01')
    expect(windowBeside('2027-01-01', 31, -1)).toBe('2026-12-01')
    expect(windowBeside('2026-12-01', 14, -1)).toBe('2026-11-17')
    expect(lengthOf('2027-02-01', 31)).toBe(28)
    expect(lengthOf('2027-02-03', 31)).toBe(31)
  })
})
