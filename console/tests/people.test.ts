import { describe, expect, it } from 'vitest'
import { withoutSuggestion } from '../src/api/people'
import type { Customer, Merge } from '../src/api/schema.people'
import {
  byChannel,
  customerName,
  mergeLines,
  otherNames,
  reachable,
  reachText,
  visits,
} from '../src/features/people/customer'
import { conversation } from './samples'

const customer = (over: Partial<Customer> = {}): Customer => ({
  id: 'per_1',
  name: 'Ana Gil',
  identities: [],
  others: [],
  ...over,
})

const merge = (over: Partial<Merge> = {}): Merge => ({
  kept: 'per_1',
  other: 'per_2',
  by: { id: 'stf_1', name: 'Marta' },
  at: '2026-11-21T10:00:00Z',
  undone_by: null,
  undone_at: null,
  ...over,
})

describe('what is shown of a customer', () => {
  it('has their conversations by channel, the latest first and its channel first', () => {
    const old = conversation({ id: 'a', channel: 'call', created_at: '2026-11-19T10:00:00Z' })
    const chat = conversation({ id: 'b', channel: 'webchat', created_at: '2026-11-20T10:00:00Z' })
    const last = { text: 'Hola', author: 'customer' as const, at: '2026-11-21T10:00:00Z' }
    const revived = conversation({ id: 'c', channel: 'call', created_at: '2026-11-18T10:00:00Z', last_message: last })
    const groups = byChannel([old, chat, revived]).map(group => [group.channel, group.items.map(item => item.id)])
    expect(groups).toEqual([
      ['call', ['c', 'a']],
      ['webchat', ['b']],
    ])
  })

  it('counts browsers instead of spelling their ids, and calls a customer by what is known', () => {
    const identities = [
      { kind: 'webchat', value: 'x1' },
      { kind: 'email', value: 'ana@example.com' },
      { kind: 'whatsapp', value: 'AR.1' },
      { kind: 'phone', value: '+5491155550000' },
    ]
    const unnamed = customer({ name: null, identities })
    expect(reachable(unnamed).map(each => each.kind)).toEqual(['phone', 'email', 'whatsapp'])
    expect(reachText(unnamed)).toBe('+5491155550000 · ana@example.com · Chat web')
    expect(visits(unnamed)).toBe(1)
    expect(customerName(unnamed)).toBe('+5491155550000')
    expect(customerName(customer({ name: null }))).toBe('Visita sin nombre')
    const named = customer({ said_name: 'Ana Gil', profile_name: 'anita', username: null })
    expect(otherNames(named).map(([, value]) => value)).toEqual(['anita'])
  })
})

describe('who is the same as whom', () => {
  it('tells what stands from what was undone, the latest first, and where the other one is', () => {
    const undone = merge({ undone_at: '2026-11-21T11:00:00Z', undone_by: { id: 'stf_2', name: 'Luis' } })
    const standing = merge({ other: 'per_3', at: '2026-11-21T12:00:00Z' })
    const lines = mergeLines([undone, standing], customer({ others: ['per_3'] }))
    expect(lines.map(line => [line.merge.other, line.standing, line.elsewhere])).toEqual([
      ['per_3', true, null],
      ['per_2', false, 'per_2'],
    ])
    expect(mergeLines([undone], customer({ id: 'per_2' }))[0]?.elsewhere).toBe('per_1')
  })

  it('no longer suggests whoever is somebody else', () => {
    const suggestions = ['per_2', 'per_3'].map(id => ({ person: customer({ id }), why: 'name' }))
    const whole = { person: customer(), conversations: [], bookings: [], merges: [], suggestions }
    expect(withoutSuggestion(whole, 'per_2').suggestions.map(each => each.person.id)).toEqual(['per_3'])
  })
})
