// Names of what the query cache holds, and of the live topics that feed it.

export const keys = {
  me: ['me'] as const,
  open: ['conversations', 'open'] as const,
  closed: ['conversations', 'closed'] as const,
  conversation: (id: string) => ['conversation', id] as const,
  ephemeral: (id: string) => ['ephemeral', id] as const,
  outbox: (id: string) => ['outbox', id] as const,
  calls: ['calls', 'active'] as const,
  endedCalls: ['calls', 'ended'] as const,
  callbacks: ['callbacks'] as const,
  seat: ['calls', 'seat'] as const,
  lostCall: ['calls', 'lost'] as const,
  call: (id: string) => ['call', id] as const,
  bookings: ['bookings'] as const,
  desk: ['desk'] as const,
  recordings: (query: string) => ['recordings', query] as const,
  recording: (id: string) => ['recording', id] as const,
  peaks: (id: string) => ['peaks', id] as const,
}

export const topics = {
  inbox: 'inbox',
  calls: 'calls',
  desk: 'desk',
  bookings: 'bookings',
  conversation: (id: string) => `conversation:${id}`,
}
