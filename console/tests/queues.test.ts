// What is left of a promise, what waits, and canned replies while one writes.

import { describe, expect, it } from 'vitest'
import { mergeEntry } from '../src/api/mergeQueues'
import type { CannedReply, QueueEntry, SlaClock } from '../src/api/schema.queues'
import { filled, fitting, wanted } from '../src/features/conversation/canned'
import { hourMinutes, hourText, readDays, readSkills, skillsText } from '../src/features/settings/levels'
import { brief, slaOf, span } from '../src/ui/queues/sla'

const AT = '2026-11-21T15:00:00.000Z'
const now = Date.parse(AT)

function entry(clocks: SlaClock[], part: Partial<QueueEntry> = {}): QueueEntry {
  return {
    id: 'qen_1',
    conversation_id: 'cnv_1',
    channel: 'webchat',
    person: { name: null },
    queue: { id: 'que_1', name: 'Recepción' },
    state: 'waiting',
    priority: 'normal',
    reason_text: null,
    language: null,
    since: AT,
    offered_to: null,
    offered_until: null,
    taken_by: null,
    requeues: 0,
    closed_hours: false,
    clocks,
    at: AT,
    ...part,
  }
}

function clock(part: Partial<SlaClock>): SlaClock {
  return { kind: 'first', state: 'running', due_at: null, left: 240, target: 300, ...part }
}

describe('what was promised', () => {
  it('runs on from the moment of the answer and turns', () => {
    const waits = entry([clock({})])
    expect(slaOf(waits, now)).toMatchObject({ tone: 'ok', text: '4:00' })
    expect(slaOf(waits, now + 170_000)).toMatchObject({ tone: 'risk', text: '1:10' })
    expect(slaOf(waits, now + 300_000)).toMatchObject({ tone: 'broken', text: '−1:00' })
  })

  it('stands still while nobody is there, and shows what is nearest', () => {
    expect(slaOf(entry([clock({ state: 'paused' })]), now + 900_000)).toMatchObject({ tone: 'paused' })
    const both = entry([clock({ left: 200 }), clock({ kind: 'resolution', left: 90, target: 7_200 })])
    expect(slaOf(both, now)?.label).toBe('Resolución: quedan 1:30')
  })

  it('has nothing to say where all was kept, and forgets a late first reply once the next one runs', () => {
    expect(slaOf(entry([clock({ state: 'met' })]), now)).toBeNull()
    const answered = entry([clock({ state: 'broken', left: -50 }), clock({ kind: 'next', left: 500, target: 600 })])
    expect(slaOf(answered, now)?.label).toBe('Respuesta: quedan 8:20')
  })

  it('is said briefly', () => {
    expect([brief(59), brief(3_600), brief(200_000)]).toEqual(['0:59', '1 h 0 min', '2 d'])
    expect([span(30), span(300), span(7_200), span(5_400)]).toEqual(['30 s', '5 min', '2 h', '90 min'])
  })
})

describe('what waits', () => {
  it('is replaced by what is newer and leaves when it ends', () => {
    const first = entry([])
    const later = entry([], { state: 'offered', at: '2026-11-21T15:00:05.000Z' })
    expect(mergeEntry([first], later)).toEqual([later])
    expect(mergeEntry([later], first)).toEqual([later])
    expect(mergeEntry([later], { ...later, state: 'ended' })).toEqual([])
  })
})

describe('canned replies', () => {
  const reply = (shortcut: string, title: string): CannedReply => ({
    id: shortcut,
    shortcut,
    title,
    text: '',
    changed_by: null,
    changed_at: AT,
  })

  it('are looked for after a slash that stands alone', () => {
    expect([wanted('/'), wanted('/se'), wanted('hola /se'), wanted('/a b'), wanted('')]).toEqual([
      '',
      'se',
      null,
      null,
      null,
    ])
    const known = [reply('gracias', 'Señal de gracias'), reply('sena', 'Seña'), reply('hola', 'Saludo')]
    expect(fitting(known, 'señ').map(each => each.id)).toEqual(['sena', 'gracias'])
  })

  it('are filled with what is known and keep the rest as it is', () => {
    const places = { nombre: 'Ana', agente: 'Marta', reserva: null }
    expect(filled('Hola {nombre}, soy {agente}. {reserva} {otra}', places)).toBe(
      'Hola Ana, soy Marta. {reserva} {otra}',
    )
  })
})

describe('lists that are written as text', () => {
  it('read skills with their level, days, hours', () => {
    expect(readSkills('Grupos 3\nspa: 5\n')).toEqual({ grupos: 3, spa: 5 })
    expect(readSkills('grupos')).toBeNull()
    expect(skillsText({ grupos: 3, spa: 5 })).toBe('grupos 3\nspa 5')
    expect([readDays('2026-12-24'), readDays('mañana'), readDays('2026-13-40')]).toEqual([['2026-12-24'], null, null])
    expect([hourText(540), hourMinutes('09:00', false), hourMinutes('00:00', true)]).toEqual(['09:00', 540, 1_440])
  })
})
