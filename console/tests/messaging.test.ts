import { describe, expect, it } from 'vitest'
import { filledBody, inOneLanguage, type Template } from '../src/api/messaging'
import { windowState } from '../src/features/conversation/windowState'

const now = Date.parse('2026-11-21T12:00:00Z')

describe('how long a customer may be written to freely', () => {
  it.each([
    [null, { kind: 'free' }],
    [undefined, { kind: 'free' }],
    ['2026-11-22T11:00:00Z', { kind: 'free' }],
    ['2026-11-21T17:59:00Z', { kind: 'closing', left: '5 h' }],
    ['2026-11-21T12:20:00Z', { kind: 'closing', left: '20 min' }],
    ['2026-11-21T12:00:10Z', { kind: 'closing', left: '1 min' }],
    ['2026-11-21T12:00:00Z', { kind: 'closed' }],
    ['2026-11-20T12:00:00Z', { kind: 'closed' }],
  ])('%s', (until, state) => {
    expect(windowState(until, now)).toEqual(state)
  })
})

describe('a template shows what it will say', () => {
  const template = { body: 'Hola {{1}}, su reserva {{2}} es el {{1}}.', params: ['1', '2'] } as unknown as Template
  it('fills every gap, wherever it stands', () => {
    expect(filledBody(template, ['Ana', 'RL-1'])).toBe('Hola Ana, su reserva RL-1 es el Ana.')
  })
  it('keeps what is missing a gap', () => {
    expect(filledBody(template, [' ', 'RL-1'])).toBe('Hola {{1}}, su reserva RL-1 es el {{1}}.')
  })
})

describe('a template in several languages', () => {
  const one = (name: string, language: string) => ({ name, language }) as unknown as Template
  it('is offered once, in Spanish where it is there', () => {
    const offered = inOneLanguage([one('a', 'en'), one('a', 'es_AR'), one('b', 'en'), one('a', 'es')])
    expect(offered.map(each => [each.name, each.language])).toEqual([
      ['a', 'es_AR'],
      ['b', 'en'],
    ])
  })
})
