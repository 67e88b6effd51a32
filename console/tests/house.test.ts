import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { writeBooking } from '../src/api/bookingCache'
import { keys } from '../src/api/keys'
import { mergeAlert, openAlerts } from '../src/api/mergeHouse'
import type { Alert, Booking, DepositCase, Mode, Reminder } from '../src/api/schema'
import { arrives, board, localDay } from '../src/features/bookings/board'
import { historyLines } from '../src/features/bookings/history'
import { difference, sameStay, standing, stayOf, stayRights } from '../src/features/bookings/stay'
import { figures } from '../src/features/today/figures'
import { insideLink } from '../src/features/today/links'
import { fileKind, fileSize } from '../src/ui/attachments/kinds'
import { refusal } from '../src/ui/attachments/refusal'
import { modeHelp } from '../src/ui/mode/words'
import { booking } from './samples'

const alert = (over: Partial<Alert> = {}): Alert => ({
  id: 'alr_1',
  kind: 'needs_staff',
  severity: 'warning',
  link: null,
  state: 'open',
  count: 1,
  created_at: '2026-11-21T12:00:00Z',
  done_by: null,
  ...over,
})

describe('alerts', () => {
  it('come the gravest first, then the latest, and go when settled', () => {
    const list = openAlerts([
      alert({ id: 'info', severity: 'info' }),
      alert({ id: 'old', severity: 'critical', created_at: '2026-11-21T09:00:00Z' }),
      alert({ id: 'new', severity: 'critical' }),
      alert({ id: 'done', state: 'done' }),
    ])
    expect(list.map(each => each.id)).toEqual(['new', 'old', 'info'])
    expect(mergeAlert(list, alert({ id: 'old', state: 'done' })).map(each => each.id)).toEqual(['new', 'info'])
    expect(mergeAlert(list, alert({ id: 'new', count: 2 })).find(each => each.id === 'new')?.count).toBe(2)
  })

  it('lead only to places of this console', () => {
    expect(insideLink('/c/cnv_1')).toBe('/c/cnv_1')
    for (const bad of [null, '', '/hoy', '//evil.example', 'https://evil.example', '/\\evil.example']) {
      expect(insideLink(bad)).toBeNull()
    }
  })
})

describe('the house', () => {
  it('says what its mode means for sales', () => {
    const mode = (over: Partial<Mode>): Mode => ({ mode: 'degraded', reason: null, since: null, by: null, ...over })
    expect(modeHelp(mode({ selling: true }))).not.toBe(modeHelp(mode({ selling: false })))
    expect(modeHelp(mode({ mode: 'manual' }))).not.toBe(modeHelp(mode({ mode: 'normal' })))
  })

  it('shows the figures that it is given, stopped work only when there is some', () => {
    const shown = figures({ arrivals: 2, deposits: 0, waiting: 3, parked: 0 })
    expect(shown.map(each => [each.name, each.value, each.urgent])).toEqual([
      ['arrivals', 2, false],
      ['deposits', 0, false],
      ['waiting', 3, true],
    ])
  })
})

describe('a booking', () => {
  it('is known anew everywhere at once', () => {
    const cache = new QueryClient()
    const old = booking({ conversation_id: 'cnv_1' })
    const waiting = { booking: old, receipts: [], problem: null } as unknown as DepositCase
    cache.setQueryData(keys.bookings, [old])
    cache.setQueryData(keys.deposits('received'), [waiting])
    cache.setQueryData(keys.conversation('cnv_1'), { bookings: [old], messages: [] })
    writeBooking(cache, { ...old, status: 'confirming' })
    const known = [
      ...(cache.getQueryData<Booking[]>(keys.bookings) ?? []),
      cache.getQueryData<Booking>(keys.booking('A')),
      cache.getQueryData<DepositCase[]>(keys.deposits('received'))?.[0]?.booking,
      cache.getQueryData<{ bookings: Booking[] }>(keys.conversation('cnv_1'))?.bookings[0],
    ]
    expect(known.map(each => each?.status)).toEqual(Array(4).fill('confirming'))
    cache.clear()
  })

  it('stands among those with a receipt to look at, and under its day of arrival', () => {
    const paid = booking({ deposit: { amount: 1, currency: 'ARS', status: 'received' } })
    const late = { ...paid, id: 'late', status: 'expired' }
    expect(board([paid, late]).receipt).toEqual([paid, late])
    expect(board([booking()]).receipt).toEqual([])
    const on = booking({ check_in: '2026-12-05' })
    expect([arrives(on, 'today', '2026-12-05'), arrives(on, 'tomorrow', '2026-12-04')]).toEqual([true, true])
    expect([arrives(on, 'week', '2026-11-28'), arrives(on, 'week', '2026-11-27')]).toEqual([true, false])
    expect(arrives(on, 'week', '2026-12-06')).toBe(false)
    expect(localDay(new Date(2026, 0, 3, 23, 59).getTime())).toBe('2026-01-03')
  })

  it('may be changed once it is sold, by those who may', () => {
    const rights = (status: string, deposit: string, may = true) =>
      stayRights(booking({ status, deposit: { amount: 1, currency: 'ARS', status: deposit } }), may)
    expect(rights('hold', 'requested')).toEqual({ change: true, cancel: false, retry: false })
    expect(rights('confirmed', 'confirmed')).toEqual({ change: true, cancel: true, retry: false })
    expect(rights('needs_staff', 'confirmed')).toEqual({ change: true, cancel: true, retry: true })
    expect(rights('needs_staff', 'refund_due')).toEqual({ change: true, cancel: true, retry: false })
    expect(rights('needs_staff', 'received').change).toBe(false)
    expect(rights('confirmed', 'confirmed', false)).toEqual({ change: false, cancel: false, retry: false })
    const stay = stayOf(booking())
    expect(sameStay(stay, stayOf(booking({ guest_name: 'Otra' })))).toBe(true)
    expect(sameStay(stay, { ...stay, check_out: '2026-12-09' })).toBe(false)
    const offer = (amount: number) => ({ difference: { amount, currency: 'ARS' } })
    expect([0, 5, -5].map(amount => difference(offer(amount)).kind)).toEqual(['same', 'more', 'less'])
    expect(difference(offer(-5)).money.amount).toBe(5)
  })

  it('shows a reminder where it has moved to, and one that was called off as such', () => {
    const reminder = (id: string, kind: string, state: string, due_at: string) =>
      ({ id, kind, state, due_at, channel: null, sent_at: null }) satisfies Reminder
    const shown = standing([
      reminder('new', 'day_before', 'planned', '2026-12-12T12:00:00Z'),
      reminder('old', 'day_before', 'cancelled', '2026-12-11T12:00:00Z'),
      reminder('off', 'week_before', 'cancelled', '2026-12-05T12:00:00Z'),
    ])
    expect(shown.map(each => each.id)).toEqual(['off', 'new'])
  })

  it('tells its history the latest first, without codes for reasons', () => {
    const lines = historyLines([
      { at: '2026-11-21T12:00:00Z', kind: 'created', by: 'bot', reason: 'some_code' },
      { at: '2026-11-21T12:05:00Z', kind: 'extended', by: { id: 'stf_1', name: 'Marta' }, reason: 'late' },
      { at: '2026-11-21T12:09:00Z', kind: 'rejected', by: 'system', reason: 'No se lee bien.' },
    ])
    expect(historyLines([{ at: '2026-11-21T12:00:00Z', kind: 'sold', by: 'pms', reason: '1182' }])[0]).toMatchObject({
      who: 'Sistema del hotel',
      why: 'N.º 1182',
    })
    expect(lines.map(line => [line.who, line.why])).toEqual([
      ['Relevo', 'No se lee bien.'],
      ['Marta', 'Llegó tarde'],
      ['Asistente', null],
    ])
  })
})

describe('files', () => {
  it('are shown as pictures only when they cannot carry a programme', () => {
    expect(fileKind('image/PNG')).toBe('image')
    expect(fileKind('image/svg+xml')).toBe('file')
    expect(fileKind('application/pdf; charset=binary')).toBe('pdf')
    expect(fileKind('audio/ogg')).toBe('audio')
    expect([fileSize(900), fileSize(1_540), fileSize(9_800_000)]).toEqual(['900 B', '1,5 kB', '9,8 MB'])
  })

  it('that would be refused are not sent', () => {
    expect(refusal({ size: 10, type: 'image/jpeg' })).toBeNull()
    expect(refusal({ size: 10_000_001, type: 'image/jpeg' })).not.toBeNull()
    expect(refusal({ size: 10, type: 'text/html' }, { tooBig: 'a', type: 'b' })).toBe('b')
  })
})
