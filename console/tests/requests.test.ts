// Requests of guests: which are shown, in which order, and when one leaves.

import { describe, expect, it } from 'vitest'
import { mergeRequest, openRequests } from '../src/api/mergeRequests'
import type { GuestRequest } from '../src/api/schema.requests'
import { texts } from '../src/texts'

function request(id: string, given: Partial<GuestRequest> = {}): GuestRequest {
  return {
    id,
    kind: 'transport',
    kind_name: 'Traslado',
    state: 'open',
    summary: '',
    details: [],
    conversation_id: 'cnv_1',
    channel: 'webchat',
    reachable: true,
    person: { id: 'per_1', name: 'Ana' },
    booking_code: null,
    answer: null,
    told: false,
    created_at: '2026-11-21T12:00:00Z',
    done_at: null,
    done_by: null,
    ...given,
  }
}

const ids = (found: GuestRequest[]) => found.map(each => each.id)

describe('requests of guests', () => {
  it('shows those that wait the longest first', () => {
    const found = openRequests([
      request('b', { created_at: '2026-11-21T13:00:00Z' }),
      request('c', { state: 'done' }),
      request('a', { created_at: '2026-11-21T09:00:00Z' }),
    ])
    expect(ids(found)).toEqual(['a', 'b'])
  })

  it('replaces one that was written anew and drops one that was settled', () => {
    const known = [request('a'), request('b', { created_at: '2026-11-21T13:00:00Z' })]
    const anew = mergeRequest(known, request('a', { summary: 'otro día' }))
    expect(ids(anew)).toEqual(['a', 'b'])
    expect(anew[0]?.summary).toBe('otro día')
    expect(ids(mergeRequest(known, request('a', { state: 'declined' })))).toEqual(['b'])
  })

  it('has a line to begin with for every kind', () => {
    for (const kind of ['transport', 'groups', 'special_needs', 'invoicing', 'loyalty', 'other']) {
      expect(texts.requests.doneLine[kind]).toBeTruthy()
    }
  })
})
