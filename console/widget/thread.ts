// What the visitor sees of the conversation, as plain data: messages arrive by several roads, in any order and more than
// once, and every one of them is shown once, in the server's order. Pure.

import type { Part, Said } from './wire'

export type Item = {
  key: string
  id: string | null
  seq: number
  from: Said['from']
  at: string
  parts: Part[]
  state: 'done' | 'sending' | 'failed'
  clientId: string | null
  file?: File
}

const UNSENT = Number.MAX_SAFE_INTEGER

export function written(clientId: string, text: string, at: string, file?: File): Item {
  const parts: Part[] = text ? [{ type: 'text', text }] : []
  return {
    key: clientId,
    id: null,
    seq: UNSENT,
    from: 'me',
    at,
    parts,
    state: 'sending',
    clientId,
    ...(file ? { file } : {}),
  }
}

export function withSaid(items: readonly Item[], seq: number, said: Said): Item[] {
  const known = items.find(
    item => item.id === said.msg_id || (said.client_id !== undefined && item.clientId === said.client_id),
  )
  const arrived: Item = {
    key: known?.key ?? said.msg_id,
    id: said.msg_id,
    seq,
    from: said.from,
    at: said.at,
    parts: said.parts,
    state: 'done',
    clientId: said.client_id ?? known?.clientId ?? null,
  }
  return [...items.filter(item => item !== known), arrived].sort((a, b) => a.seq - b.seq)
}

/** The server has it; the words are those that were written here. */
export function withAck(items: readonly Item[], clientId: string, id: string, seq: number): Item[] {
  const known = items.find(item => item.clientId === clientId)
  if (!known || known.id !== null) return [...items]
  const others = items.filter(item => item !== known)
  if (others.some(item => item.id === id)) return others
  return [...others, { ...known, id, seq, state: 'done' as const }].sort((a, b) => a.seq - b.seq)
}

/** A file has arrived; its message, with its number, may be on its way still, or here already. */
export function withFile(items: readonly Item[], clientId: string, id: string): Item[] {
  if (items.some(item => item.id === id)) return items.filter(item => item.clientId !== clientId || item.id === id)
  return items.map(item => (item.clientId === clientId ? { ...item, id } : item))
}

export function withState(items: readonly Item[], clientId: string, state: Item['state']): Item[] {
  return items.map(item => (item.clientId === clientId && item.id === null ? { ...item, state } : item))
}

export function unsent(items: readonly Item[]): Item[] {
  return items.filter(item => item.id === null && item.state === 'sending')
}

/** Quick replies: those of the last thing said to the visitor, while nothing was answered to it. */
export function choices(items: readonly Item[]): { msgId: string; options: { id: string; text: string }[] } | null {
  const last = items[items.length - 1]
  const offered = last && last.from !== 'me' ? last.parts.find(part => part.type === 'choices') : undefined
  return last?.id && offered ? { msgId: last.id, options: offered.options } : null
}

export function textOf(item: Item): string {
  return item.parts.flatMap(part => (part.type === 'text' ? [part.text] : [])).join('\n')
}

export function lastSeq(items: readonly Item[]): number {
  return items.reduce((last, item) => (item.seq === UNSENT ? last : Math.max(last, item.seq)), 0)
}

/** How many messages of ours came after the last one that was seen. */
export function unread(items: readonly Item[], seen: number): number {
  return items.filter(item => item.from !== 'me' && item.seq !== UNSENT && item.seq > seen).length
}
