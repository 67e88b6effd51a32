// Pure merging of what arrives into what is known. Whole things replace whole things; older versions never win.

import { serverNow } from './clock'
import type { Booking, Call, Callback, Conversation, ConversationDetail, Message } from './schema'

type Identified = { id: string }

export function upsert<T extends Identified>(items: readonly T[], item: T): T[] {
  const at = items.findIndex(known => known.id === item.id)
  return at < 0 ? [...items, item] : items.map(known => (known.id === item.id ? item : known))
}

export function upsertAll<T extends Identified>(items: readonly T[], fresh: readonly T[]): T[] {
  return fresh.reduce<T[]>(upsert, [...items])
}

export function mergeMessage(messages: readonly Message[], message: Message): Message[] {
  return upsert(messages, message).sort((a, b) => a.seq - b.seq)
}

export function mergeConversation(open: readonly Conversation[], fresh: Conversation): Conversation[] {
  if (fresh.control === 'closed') return open.filter(known => known.id !== fresh.id)
  const known = open.find(item => item.id === fresh.id)
  return known && known.control_version > fresh.control_version ? [...open] : upsert(open, fresh)
}

export function mergeDetail(detail: ConversationDetail, kind: string, data: unknown): ConversationDetail {
  if (kind === 'message') return { ...detail, messages: mergeMessage(detail.messages, data as Message) }
  if (kind === 'booking') return { ...detail, bookings: upsert(detail.bookings, data as Booking) }
  if (kind === 'conversation') {
    const fresh = data as Conversation
    if (fresh.control_version < detail.conversation.control_version) return detail
    return { ...detail, conversation: fresh }
  }
  return detail
}

export function mergeActiveCall(active: readonly Call[], fresh: Call, now = serverNow()): Call[] {
  const known = active.find(item => item.id === fresh.id)
  if (known && fresh.status !== 'ended' && known.control_version > fresh.control_version) return [...active]
  if (fresh.status === 'ended') return active.filter(item => item.id !== fresh.id)
  return upsert(active, { ...fresh, queued_at: queuedSince(known, fresh, now) })
}

/** Where the server does not tell, a wait begins when it is first seen to. */
function queuedSince(known: Call | undefined, fresh: Call, now: number): string | null {
  if (fresh.control !== 'queued') return null
  if (fresh.queued_at) return fresh.queued_at
  if (!known) return null
  return known.control === 'queued' ? (known.queued_at ?? null) : new Date(now).toISOString()
}

export function lastActivity(conversation: Conversation): string {
  return conversation.last_message?.at ?? conversation.created_at
}

export type Partials = { customer?: string; agent?: string; bot?: string }
export type Speaking = { [author in keyof Partials]?: boolean }
export type Ephemeral = { partials: Partials; botTyping: boolean; customerTyping: boolean; speaking: Speaking }

export const NOTHING_EPHEMERAL: Ephemeral = {
  partials: {},
  botTyping: false,
  customerTyping: false,
  speaking: {},
}

export function mergeEphemeral(known: Ephemeral, kind: string, data: unknown): Ephemeral {
  const news = (data ?? {}) as { author?: keyof Partials; who?: string; text?: string; on?: boolean }
  if (kind === 'partial' && news.author) {
    return { ...known, partials: { ...known.partials, [news.author]: news.text ?? '' } }
  }
  if (kind === 'speaking' && news.author) {
    return { ...known, speaking: { ...known.speaking, [news.author]: news.on ?? false } }
  }
  if (kind === 'bot_typing') return { ...known, botTyping: news.on ?? false }
  if (kind === 'typing' && news.who === 'customer') return { ...known, customerTyping: news.on ?? false }
  return known
}

/** A whole message puts an end to the words that were still coming from the same mouth. */
export function settleEphemeral(known: Ephemeral, message: Message): Ephemeral {
  if (message.kind !== 'text' || message.author === 'system') return known
  const partials = { ...known.partials }
  delete partials[message.author]
  const { author } = message
  return {
    ...known,
    partials,
    botTyping: author === 'bot' ? false : known.botTyping,
    customerTyping: author === 'customer' ? false : known.customerTyping,
  }
}

/** Who is to be called first comes first; whoever was called leaves the list. */
export function mergeCallback(open: readonly Callback[], fresh: Callback): Callback[] {
  const others = open.filter(item => item.id !== fresh.id)
  if (fresh.done_at !== null) return others
  return [...others, fresh].sort((a, b) => Date.parse(a.begin) - Date.parse(b.begin))
}
