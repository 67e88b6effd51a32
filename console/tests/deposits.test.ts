import { describe, expect, it, vi } from 'vitest'
import type { DepositCase, Receipt } from '../src/api/schema'
import { decidable, gap, inTurn, latestReceipt, onlyCopies, problemOf, step } from '../src/features/deposits/cases'
import { problemWords } from '../src/features/deposits/words'
import { Delayed } from '../src/ui/delayed'
import { amountText, parseAmount } from '../src/ui/moneyEntry'
import { booking } from './samples'

const receipt = (over: Partial<Receipt> = {}): Receipt => ({
  id: 'rcp_1',
  attachment_id: 'att_1',
  name: 'comprobante.png',
  media_type: 'image/png',
  size: 1,
  at: '2026-11-21T12:00:00Z',
  problem: null,
  duplicate_of: null,
  amount: null,
  ...over,
})

const item = (over: Partial<DepositCase> = {}): DepositCase => ({
  booking: booking(),
  deposit: { amount: 10_000, currency: 'ARS', status: 'received' },
  receipts: [receipt()],
  problem: null,
  ...over,
})

describe('deposits in turn', () => {
  it('puts first who may lose the room first, and then who has waited longest', () => {
    const soon = item({ booking: booking({ code: 'soon', hold_expires_at: '2026-11-21T12:05:00Z' }) })
    const held = item({ booking: booking({ code: 'held', hold_expires_at: '2026-11-21T12:20:00Z' }) })
    const old = item({
      booking: booking({ code: 'old', hold_expires_at: null }),
      receipts: [receipt({ at: '2026-11-21T08:00:00Z' })],
    })
    const late = item({ booking: booking({ code: 'late', hold_expires_at: null }) })
    const codes = inTurn([late, held, old, soon]).map(each => each.booking.code)
    expect(codes).toEqual(['soon', 'held', 'old', 'late'])
  })

  it('walks to the next one, and to the first when the present one is settled', () => {
    const items = ['a', 'b'].map(code => item({ booking: booking({ code }) }))
    expect(step(items, 'a', 1)).toBe('b')
    expect(step(items, 'b', 1)).toBeUndefined()
    expect(step(items, 'gone', 1)).toBe('a')
    expect(step([], 'gone', 1)).toBeUndefined()
  })
})

describe('a deposit', () => {
  it('shows the latest receipt and what is odd about it', () => {
    const two = item({
      receipts: [
        receipt({ id: 'new', at: '2026-11-21T12:30:00Z', problem: 'duplicate' }),
        receipt({ id: 'old', at: '2026-11-21T12:00:00Z' }),
      ],
    })
    expect(latestReceipt(two)?.id).toBe('new')
    expect(problemOf(two)).toBe('duplicate')
    expect(problemOf(item())).toBeNull()
    expect(problemWords('never_seen_before').short).toBe('Never seen before')
  })

  it('is decided only while somebody waits for it', () => {
    const of = (status: string, deposit: string) =>
      decidable(item({ booking: booking({ status }), deposit: { amount: 1, currency: 'ARS', status: deposit } }))
    expect(of('hold', 'received')).toEqual({ confirm: true, reject: true, refunded: false })
    expect(of('hold', 'requested')).toEqual({ confirm: true, reject: false, refunded: false })
    expect(of('expired', 'rejected')).toEqual({ confirm: true, reject: false, refunded: false })
    expect(of('confirming', 'confirmed')).toEqual({ confirm: false, reject: false, refunded: false })
    expect(of('cancelled', 'refund_due')).toEqual({ confirm: false, reject: false, refunded: true })
  })

  it('whose every receipt was used elsewhere is a copy', () => {
    const copy = receipt({ duplicate_of: 'MR-AAAA' })
    expect(onlyCopies(item({ receipts: [copy] }))).toBe(true)
    expect(onlyCopies(item({ receipts: [copy, receipt()] }))).toBe(false)
    expect(onlyCopies(item({ receipts: [] }))).toBe(false)
  })

  it('knows what is missing and what is too much', () => {
    expect(gap(item(), 10_000).kind).toBe('same')
    expect(gap(item(), 7_500)).toEqual({ kind: 'less', money: { amount: 2_500, currency: 'ARS' } })
    expect(gap(item(), 10_001)).toEqual({ kind: 'more', money: { amount: 1, currency: 'ARS' } })
  })
})

describe('an amount as people type it', () => {
  it('is understood with either mark for thousands and cents', () => {
    const typed: [string, number][] = [
      ['40.800', 4_080_000],
      ['$ 40.800,50', 4_080_050],
      ['40800', 4_080_000],
      ['40800.5', 4_080_050],
      ['40,800.50', 4_080_050],
      ['1.234.567', 123_456_700],
      ['ARS 12', 1_200],
    ]
    for (const [text, minor] of typed) expect(parseAmount(text), text).toBe(minor)
  })

  it('is not guessed at', () => {
    for (const text of ['', '0', 'mil', '40.80.0', '1.2345', '12.34.567', '-5', '4e3', ',50', '5000.000']) {
      expect(parseAmount(text), text).toBeNull()
    }
  })

  it('is offered for correction in the way it is read back', () => {
    for (const minor of [4_080_000, 4_080_050, 100, 123_456_709]) expect(parseAmount(amountText(minor))).toBe(minor)
    expect(amountText(4_080_050)).toBe('40.800,50')
  })
})

describe('what is done unless it is undone', () => {
  const made = () => {
    const run = vi.fn()
    const changed = vi.fn()
    return { run, changed, delayed: new Delayed<string>(run, changed, 6, () => 0) }
  }

  it('waits, can be undone, and is done once', () => {
    vi.useFakeTimers()
    const { run, delayed } = made()
    delayed.want('a')
    vi.advanceTimersByTime(5_999)
    expect(run).not.toHaveBeenCalled()
    expect(delayed.undo()).toBe('a')
    delayed.want('b')
    vi.advanceTimersByTime(60_000)
    delayed.flush()
    expect(run.mock.calls).toEqual([['b', false]])
    expect(delayed.pending).toBeNull()
    vi.useRealTimers()
  })

  it('is done at once when the next thing is wanted or the page is left', () => {
    vi.useFakeTimers()
    const { run, changed, delayed } = made()
    delayed.want('a')
    delayed.want('b')
    delayed.flush(true)
    vi.advanceTimersByTime(60_000)
    expect(run.mock.calls).toEqual([
      ['a', false],
      ['b', true],
    ])
    expect(changed.mock.lastCall).toEqual([null])
    vi.useRealTimers()
  })
})
