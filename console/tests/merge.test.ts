import { describe, expect, it } from 'vitest'
import { bookingActions, conversationActions } from '../src/api/actions'
import {
  mergeActiveCall,
  mergeConversation,
  mergeDetail,
  mergeEphemeral,
  NOTHING_EPHEMERAL,
  settleEphemeral,
} from '../src/api/merge'
import { type Outgoing, stillOut } from '../src/api/outbox'
import type { Call } from '../src/api/schema'
import { booking, conversation, message, user } from './samples'

describe('merging live news', () => {
  it('never lets an older control win', () => {
    const known = conversation({ control: 'agent', control_version: 5 })
    const stale = conversation({ control: 'bot', control_version: 4 })
    expect(mergeConversation([known], stale)).toEqual([known])
    const detail = { conversation: known, messages: [], bookings: [] }
    expect(mergeDetail(detail, 'conversation', stale).conversation).toBe(known)
  })

  it('takes closed conversations and ended calls off their lists', () => {
    expect(mergeConversation([conversation()], conversation({ control: 'closed', control_version: 2 }))).toEqual([])
    const call = { id: 'cal_1', status: 'active' } as Call
    expect(mergeActiveCall([call], { ...call, status: 'ended' })).toEqual([])
  })

  it('replaces a message by id and keeps the order of the thread', () => {
    const detail = { conversation: conversation(), messages: [message({ seq: 1 }), message({ seq: 3 })], bookings: [] }
    const late = mergeDetail(detail, 'message', message({ seq: 2 }))
    const cut = mergeDetail(late, 'message', message({ seq: 3, text: 'Hol' }))
    expect(cut.messages.map(item => [item.seq, item.text])).toEqual([
      [1, 'Hola'],
      [2, 'Hola'],
      [3, 'Hol'],
    ])
  })

  it('shows words as they come until the whole message is there', () => {
    const heard = mergeEphemeral(NOTHING_EPHEMERAL, 'partial', { author: 'customer', text: 'quería' })
    const typing = mergeEphemeral(heard, 'bot_typing', { on: true })
    expect(typing).toMatchObject({ partials: { customer: 'quería' }, botTyping: true })
    expect(settleEphemeral(typing, message())).toMatchObject({ partials: {}, botTyping: true })
    expect(settleEphemeral(typing, message({ author: 'bot' }))).toMatchObject({
      partials: { customer: 'quería' },
      botTyping: false,
    })
  })
})

describe('actions where an event does not carry them', () => {
  it('follows who holds the conversation and who asks', () => {
    const held = conversation({ control: 'agent', agent: { id: 'stf_2', name: 'Sofía' } })
    const mine = conversation({ control: 'agent', agent: { id: 'stf_1', name: 'Marta' } })
    const boss = user({ permissions: ['answer', 'take_from_colleague'] })
    expect(conversationActions(conversation(), user())).toEqual(['note', 'take_over', 'resolve'])
    expect(conversationActions(mine, user())).toEqual(['note', 'reply', 'hand_back', 'resolve'])
    expect(conversationActions(held, user())).toEqual(['note'])
    expect(conversationActions(held, boss)).toEqual(['note', 'take_over', 'hand_back', 'resolve'])
    expect(conversationActions(conversation(), user({ permissions: [] }))).toEqual([])
  })

  it('lets the server have the last word', () => {
    expect(conversationActions(conversation({ actions: ['note'] }), user())).toEqual(['note'])
    expect(bookingActions(booking({ actions: [] }), user())).toEqual([])
    expect(bookingActions(booking({ hold_extensions_left: 0 }), user())).toEqual(['release'])
  })
})

describe('outbox', () => {
  const out: Outgoing = {
    clientId: 'c1',
    kind: 'text',
    text: 'Va',
    at: '2026-11-21T12:00:00Z',
    state: 'sending',
    error: '',
  }

  it('hides what the feed has already brought, by client id or by its words', () => {
    expect(stillOut([out], [])).toEqual([out])
    expect(stillOut([out], [message({ author: 'agent', text: 'otra', meta: { client_id: 'c1' } })])).toEqual([])
    expect(stillOut([out], [message({ author: 'agent', text: 'Va', at: '2026-11-21T12:00:01Z' })])).toEqual([])
  })

  it('keeps a failed one in sight, and does not take an older message for it', () => {
    const same = message({ author: 'agent', text: 'Va', at: '2026-11-21T11:00:00Z' })
    expect(stillOut([out], [same])).toEqual([out])
    const failed: Outgoing = { ...out, state: 'failed' }
    expect(stillOut([failed], [message({ author: 'agent', text: 'Va', at: '2026-11-21T12:00:01Z' })])).toEqual([failed])
  })
})
