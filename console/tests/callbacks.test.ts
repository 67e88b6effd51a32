import { describe, expect, it } from 'vitest'
import { mergeActiveCall, mergeCallback } from '../src/api/merge'
import type { Callback } from '../src/api/schema'
import { callbackWindow, overdue } from '../src/features/calls/callbackTimes'
import { waitStart } from '../src/features/calls/deskSections'
import { endReason } from '../src/ui/calls/words'
import { call } from './samples'

const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString()

function callback(over: Partial<Callback> = {}): Callback {
  return {
    id: 'cbk_1',
    call_id: 'cal_1',
    conversation_id: 'cnv_1',
    person: { id: 'per_1', name: null },
    number: '+5491155550101',
    begin: at(23, 10),
    end: at(23, 11),
    asked_at: at(22, 9),
    done_at: null,
    done_by: null,
    ...over,
  }
}

describe('calling back', () => {
  it('says the day and the hours', () => {
    const noon = (day: number) => new Date(2026, 10, day, 12).getTime()
    expect(callbackWindow(callback(), noon(23))).toBe('Hoy, entre las 10:00 y las 11:00')
    expect(callbackWindow(callback(), noon(22))).toBe('Mañana, entre las 10:00 y las 11:00')
    expect(callbackWindow(callback(), noon(20))).toContain('23 de noviembre, entre las 10:00')
  })

  it('is late once the window has closed', () => {
    expect(overdue(callback(), Date.parse(at(23, 11)))).toBe(false)
    expect(overdue(callback(), Date.parse(at(23, 11)) + 1)).toBe(true)
  })

  it('keeps the next one first, and lets go of who was called', () => {
    const later = callback({ id: 'cbk_2', begin: at(23, 15), end: at(23, 16) })
    const open = mergeCallback([later], callback())
    expect(open.map(item => item.id)).toEqual(['cbk_1', 'cbk_2'])
    expect(mergeCallback(open, callback({ done_at: at(23, 10) }))).toEqual([later])
  })

  it('has its word as the end of a call', () => {
    expect(endReason('callback')).toBe('Quiere que lo llamen')
  })

  it.each(['voicemail', 'machine', 'callback', 'canceled', 'node_died'])('has Spanish for %s', reason => {
    expect(endReason(reason).toLowerCase()).not.toBe(reason.replaceAll('_', ' '))
  })
})

describe('waiting in the queue', () => {
  it('counts from what the server says', () => {
    const queued = call({ control: 'queued', queued_at: '2026-11-21T12:03:00Z' })
    const [known] = mergeActiveCall([], queued)
    expect(known && waitStart(known)).toBe(Date.parse('2026-11-21T12:03:00Z'))
  })
})
