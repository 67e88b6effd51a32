// Small valid things for tests; each test says only what matters to it.

import { NO_VOICE } from '../src/api/callState'
import type { Booking, Call, CallVoice, Conversation, Message, User } from '../src/api/schema'

export function user(over: Partial<User> = {}): User {
  return {
    id: 'stf_1',
    email: 'marta@demo.relevo',
    name: 'Marta',
    role: 'agent',
    permissions: ['see_conversations', 'answer', 'see_bookings', 'change_bookings'],
    ...over,
  }
}

export function conversation(over: Partial<Conversation> = {}): Conversation {
  return {
    id: 'cnv_1',
    channel: 'webchat',
    person: { id: 'per_1', name: 'Lucía', identities: [] },
    control: 'bot',
    control_version: 1,
    agent: null,
    reason: null,
    last_message: null,
    unread: 0,
    created_at: '2026-11-21T10:00:00Z',
    closed_at: null,
    call_id: null,
    ...over,
  }
}

export function message(over: Partial<Message> = {}): Message {
  return {
    id: `msg_${over.seq ?? 1}`,
    seq: 1,
    author: 'customer',
    author_name: null,
    kind: 'text',
    text: 'Hola',
    buttons: [],
    delivery: null,
    at: '2026-11-21T12:00:00Z',
    meta: {},
    ...over,
  }
}

export function booking(over: Partial<Booking> = {}): Booking {
  const money = { amount: 100, currency: 'ARS' }
  return {
    id: `bkg_${over.code ?? 'A'}`,
    code: 'A',
    status: 'hold',
    room: { number: '203', type: 'doble', type_name: 'Doble' },
    check_in: '2026-12-05',
    check_out: '2026-12-07',
    nights: 2,
    guests: 2,
    children: 0,
    guest_name: 'Jorge Benítez',
    guest_phone: null,
    guest_email: null,
    total: money,
    deposit: { amount: money, status: 'requested' },
    hold_expires_at: '2026-11-21T12:20:00Z',
    hold_extensions_left: 2,
    conversation_id: null,
    created_at: '2026-11-21T12:00:00Z',
    ...over,
  }
}

export function call(over: Partial<Call> = {}): Call {
  return {
    id: 'cal_1',
    conversation_id: 'cnv_1',
    direction: 'inbound',
    line: 'twilio',
    from: '+5491155550000',
    to: '+541140000000',
    status: 'active',
    control: 'bot',
    control_version: 1,
    agent: null,
    person: null,
    started_at: '2026-11-21T12:00:00Z',
    answered_at: '2026-11-21T12:00:03Z',
    ended_at: null,
    seconds: null,
    end_reason: null,
    recording: null,
    ...over,
  }
}

export function callVoice(over: Partial<CallVoice> = {}): CallVoice {
  return { ...NO_VOICE, source: 'bot', recording: 'on', ...over }
}
