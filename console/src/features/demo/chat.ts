// What the visitor's chat shows, as plain data: what arrives by two roads (the answer to a message, and asking for
// what is new) becomes one list without repeats. Pure.

import type { Attachment, Author, ChatMessage, ChatReply } from '../../api/schema'

export type ChatItem = {
  key: string
  id: string | null
  author: Author
  text: string
  buttons: string[]
  at: string
  state: 'done' | 'sending' | 'failed'
  clientId: string | null
  attachments: Attachment[]
  /** Of a file on its way: what is sent, and what is shown until it has arrived. */
  file?: File
}

export function outgoing(text: string, clientId: string, now: string, file?: File): ChatItem {
  return {
    key: clientId,
    id: null,
    author: 'customer',
    text,
    buttons: [],
    at: now,
    state: 'sending',
    clientId,
    attachments: [],
    ...(file ? { file } : {}),
  }
}

function arrived(message: ChatMessage): ChatItem {
  return {
    key: message.id,
    id: message.id,
    author: message.author,
    text: message.text,
    buttons: message.buttons ?? [],
    at: message.at,
    state: 'done',
    clientId: null,
    attachments: message.attachments ?? [],
  }
}

export function withReplies(items: readonly ChatItem[], replies: readonly ChatReply[], now: string): ChatItem[] {
  return withMessages(
    items,
    replies.map(reply => ({ ...reply, author: 'bot' as const, at: now })),
  )
}

/** A customer's message from the server takes the place of the one this page wrote with the same words. */
export function withMessages(items: readonly ChatItem[], fresh: readonly ChatMessage[]): ChatItem[] {
  const made = [...items]
  for (const message of fresh) {
    if (made.some(item => item.id === message.id)) continue
    const own =
      message.author === 'customer'
        ? made.findIndex(item => item.author === 'customer' && item.id === null && same(item, message))
        : -1
    const known = own < 0 ? undefined : made[own]
    if (known) made[own] = { ...known, id: message.id, state: 'done', attachments: message.attachments ?? [] }
    else made.push(arrived(message))
  }
  return made
}

function same(item: ChatItem, message: ChatMessage): boolean {
  const files = message.attachments?.length ?? 0
  return item.text === message.text.trim() && (item.file !== undefined) === files > 0
}

/** The server has it: from now on it is known by the server's name. */
export function withSent(
  items: readonly ChatItem[],
  clientId: string,
  { id, attachments = [] }: { id: string; attachments?: Attachment[] },
): ChatItem[] {
  const arrived = items.some(item => item.id === id && item.clientId !== clientId)
  return items.flatMap(item => {
    if (item.clientId !== clientId) return [item]
    return arrived ? [] : [{ ...item, id, attachments, state: 'done' as const }]
  })
}

export function withState(items: readonly ChatItem[], clientId: string, state: ChatItem['state']): ChatItem[] {
  return items.map(item => (item.clientId === clientId ? { ...item, state } : item))
}

/** Quick replies: those of the last thing said to the visitor, while nothing was answered to it. */
export function quickReplies(items: readonly ChatItem[]): string[] {
  const last = items[items.length - 1]
  return last && last.author !== 'customer' ? last.buttons : []
}

export function attendedBy(items: readonly ChatItem[]): 'bot' | 'agent' {
  const last = items.findLast(item => item.author === 'bot' || item.author === 'agent')
  return last?.author === 'agent' ? 'agent' : 'bot'
}
