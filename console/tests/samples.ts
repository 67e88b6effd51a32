// Small valid things for tests; each test says only what matters to it.

import type { Booking, Conversation, Message, User } from '../src/api/schema'

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
