import { describe, expect, it } from 'vitest'
import {
  age,
  awayOn,
  byWork,
  type Day,
  isQueued,
  mergeShift,
  type Piece,
  type Shift,
  secondsSince,
  shown,
  type TeamMember,
} from '../src/api/presenceState'
import { pieceWords, zonedClock, zonedInstant, zonedTime } from '../src/features/shift/pieces'
import { callbackIso, soonest } from '../src/ui/presence/callbackTime'

const mine: Shift = {
  id: 'stf_1',
  staff_id: 'stf_1',
  name: 'Ana',
  state: 'available',
  since: '2026-11-21T12:00:00.000Z',
  reason: null,
  reason_name: null,
  next: null,
  until: null,
  conversation_id: null,
  asked_at: null,
  acted_at: null,
  version: 3,
  in_use: true,
  may_be_rung: true,
  reasons: [{ code: 'meal', name: 'Comida' }],
}

const piece = (state: Piece['state'], from: number, to: number, over: Partial<Piece> = {}): Piece => ({
  start: new Date(Date.UTC(2026, 10, 21, 12, 0, from)).toISOString(),
  end: new Date(Date.UTC(2026, 10, 21, 12, 0, to)).toISOString(),
  seconds: to - from,
  state,
  reason: null,
  reason_name: null,
  conversation_id: null,
  correction: null,
  ...over,
})

describe('one’s own state', () => {
  it('takes what is newer and keeps what does not change with it', () => {
    const paused = mergeShift(mine, { state: 'pause', reason: 'meal', version: 4 })
    expect([paused?.state, paused?.may_be_rung, paused?.reasons.length]).toEqual(['pause', false, 1])
    expect(mergeShift(mine, { state: 'offline', version: 2 })).toBe(mine)
    expect(mergeShift(undefined, { state: 'offline', version: 9 })).toBeUndefined()
    expect(mergeShift({ ...mine, in_use: false }, { state: 'offline', version: 4 })?.may_be_rung).toBe(true)
  })

  it('is queued during a call and after it', () => {
    expect((['available', 'on_call', 'wrap_up', 'pause'] as const).filter(isQueued)).toEqual(['on_call', 'wrap_up'])
  })

  it('runs from when it began and grows old by its kind', () => {
    expect(secondsSince(mine.since, Date.parse('2026-11-21T12:01:30.900Z'))).toBe(90)
    expect(secondsSince(null, 0)).toBe(0)
    expect([599, 600, 1_200].map(seconds => age('on_call', seconds))).toEqual(['calm', 'long', 'too_long'])
    expect(age('available', 99_999)).toBe('calm')
  })
})

describe('a day', () => {
  const day = (pieces: Piece[]) => ({ pieces, start: pieces[0]?.start, until: pieces.at(-1)?.end }) as unknown as Day

  it('is drawn from the first thing to the last', () => {
    const pieces = [
      piece('offline', 0, 10),
      piece('available', 10, 20),
      piece('offline', 20, 25),
      piece('pause', 25, 30),
    ]
    const drawn = shown(day([...pieces, piece('offline', 30, 50)]))
    expect(drawn?.pieces.map(each => each.state)).toEqual(['available', 'offline', 'pause'])
    expect([drawn?.start, drawn?.end]).toEqual([Date.parse(pieces[1]?.start ?? ''), Date.parse(pieces[3]?.end ?? '')])
    expect(shown(day([piece('offline', 0, 50)]))).toBeNull()
  })

  it('is told by the clock of whoever lived it', () => {
    expect(zonedClock('2026-11-21T12:00:00Z', 'Europe/Madrid')).toBe('13:00')
    const words = pieceWords(piece('pause', 0, 30, { reason_name: 'Comida' }), 'America/Argentina/Cordoba')
    expect(words).toBe('Pausa · Comida, 09:00–09:00, 0:30')
  })
})

it('a time typed for a correction is the nearest one by the clock of whoever lived it', () => {
  const near = '2026-11-21T02:30:15Z'
  const zone = 'America/Argentina/Cordoba'
  expect(zonedTime(near, zone)).toBe('23:30:15')
  const moment = (time: string) => {
    const at = zonedInstant(time, near, zone)
    return at === null ? null : new Date(at).toISOString()
  }
  expect(moment('23:45')).toBe('2026-11-21T02:45:00.000Z')
  expect(moment('00:10:05')).toBe('2026-11-21T03:10:05.000Z')
  expect(moment('')).toBeNull()
})

it('calls go to who is available, and to everybody where states are not used', () => {
  const items = (['available', 'pause', 'on_call'] as const).map(state => ({ staff_id: state, state, since: null }))
  expect([...awayOn({ items, in_use: true })]).toEqual(['pause', 'on_call'])
  expect(awayOn({ items, in_use: false }).size + awayOn(undefined).size).toBe(0)
})

it('the team is listed by who works', () => {
  const member = (name: string, state: TeamMember['state']) => ({ ...mine, name, state }) as unknown as TeamMember
  const team = [
    member('Zoe', 'offline'),
    member('Élida', 'pause'),
    member('Bruno', 'available'),
    member('Ana', 'on_call'),
  ]
  expect(byWork(team).map(each => each.name)).toEqual(['Ana', 'Bruno', 'Élida', 'Zoe'])
})

it('a call again is for the next full hour that is at least one away', () => {
  const at = soonest(new Date(2026, 10, 21, 22, 40).getTime())
  expect(at).toBe('2026-11-22T00:00')
  expect(soonest(new Date(2026, 10, 21, 9, 0).getTime())).toBe('2026-11-21T10:00')
  expect(Date.parse(callbackIso(at))).toBe(new Date(2026, 10, 22).getTime())
})
