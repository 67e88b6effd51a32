// What was written here and is not yet confirmed. A message leaves the outbox when the server has it. Without a
// connection it waits and goes by itself, in the order it was written; one that was refused stays, visible, until it is
// sent again or discarded. The client_id keeps a second try from becoming a second message.

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { upload } from './attachments'
import { ApiError, post } from './client'
import { keys } from './keys'
import { mergeDetail } from './merge'
import type { ConversationDetail, Message } from './schema'

export type Outgoing = {
  clientId: string
  kind: 'text' | 'note'
  text: string
  at: string
  state: 'sending' | 'waiting' | 'failed'
  error: string
  /** The last message there was when the writing began: refused if a colleague has answered since. */
  seen?: number
  /** Sent along with the text. */
  file?: File
}

/** What is still to be shown: the feed may bring a message before the answer to its POST does. */
export function stillOut(outbox: readonly Outgoing[], messages: readonly Message[]): Outgoing[] {
  const arrived = new Set(messages.map(message => message.meta.client_id).filter(id => id !== undefined))
  const latest = messages.slice(-20)
  return outbox.filter(
    out =>
      !arrived.has(out.clientId) &&
      !(
        out.state === 'sending' &&
        !out.file &&
        latest.some(
          message =>
            message.author === 'agent' &&
            message.kind === out.kind &&
            message.text === out.text.trim() &&
            Date.parse(message.at) >= Date.parse(out.at) - 2_000,
        )
      ),
  )
}

export function useOutbox(conversationId: string) {
  const cache = useQueryClient()
  const query = useQuery<Outgoing[]>({
    queryKey: keys.outbox(conversationId),
    queryFn: () => [],
    enabled: false,
    initialData: [],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
  const send = useCallback(
    (kind: Outgoing['kind'], text: string, file?: File, seen?: number) => {
      const out: Outgoing = {
        clientId: crypto.randomUUID?.() ?? `c-${Date.now()}-${Math.random().toString(36).slice(2)}`,
        kind,
        text,
        at: new Date().toISOString(),
        state: 'sending',
        error: '',
        ...(file ? { file } : {}),
        ...(seen === undefined ? {} : { seen }),
      }
      return deliver(cache, conversationId, out)
    },
    [cache, conversationId],
  )
  /** Sent whatever was said meanwhile: whoever presses it has read why it was refused. */
  const retry = useCallback(
    ({ seen: _seen, ...out }: Outgoing) => deliver(cache, conversationId, out),
    [cache, conversationId],
  )
  const discard = useCallback(
    (out: Outgoing) => change(cache, conversationId, known => known.filter(item => item.clientId !== out.clientId)),
    [cache, conversationId],
  )
  return { items: query.data, send, retry, discard }
}

/** The connection is back: what waited goes, one after the other. */
export async function deliverWaiting(cache: QueryClient): Promise<void> {
  for (const [key, items] of cache.getQueriesData<Outgoing[]>({ queryKey: keys.outboxes })) {
    const id = String(key[1])
    for (const out of (items ?? []).filter(item => item.state === 'waiting')) {
      // Whatever was discarded while the one before it was on its way stays discarded.
      const known = cache.getQueryData<Outgoing[]>(keys.outbox(id)) ?? []
      if (known.some(item => item.clientId === out.clientId && item.state === 'waiting'))
        await deliver(cache, id, out, { inPlace: true })
    }
  }
}

function change(cache: QueryClient, id: string, update: (known: Outgoing[]) => Outgoing[]): void {
  cache.setQueryData<Outgoing[]>(keys.outbox(id), known => update(known ?? []))
}

function put(id: string, out: Outgoing): Promise<Message> {
  const path = `/api/conversations/${encodeURIComponent(id)}`
  if (out.file) return upload<Message>(`${path}/attachments`, out.file, { text: out.text, client_id: out.clientId })
  const seen = out.seen === undefined ? {} : { seen: out.seen }
  return post<Message>(`${path}/messages`, { text: out.text, kind: out.kind, client_id: out.clientId, ...seen })
}

async function deliver(cache: QueryClient, id: string, out: Outgoing, { inPlace = false } = {}): Promise<void> {
  const sending: Outgoing = { ...out, state: 'sending', error: '' }
  const swap = (by: Outgoing) => (known: Outgoing[]) => known.map(item => (item.clientId === out.clientId ? by : item))
  change(cache, id, known =>
    inPlace ? swap(sending)(known) : [...known.filter(item => item.clientId !== out.clientId), sending],
  )
  try {
    const message = await put(id, out)
    cache.setQueryData<ConversationDetail>(keys.conversation(id), detail =>
      detail ? mergeDetail(detail, 'message', message) : detail,
    )
    change(cache, id, known => known.filter(item => item.clientId !== out.clientId))
  } catch (error) {
    const reason = error instanceof ApiError ? error.message : ''
    const state = error instanceof ApiError && isAway(error) ? 'waiting' : 'failed'
    change(cache, id, swap({ ...out, state, error: reason }))
    if (state === 'failed') void cache.invalidateQueries({ queryKey: keys.conversation(id) })
  }
}

/** The server was not reached, or is starting. */
function isAway(error: ApiError): boolean {
  return error.status === 0 || (error.status >= 502 && error.status <= 504)
}
