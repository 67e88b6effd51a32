// Conversations: reading them (HTTP first, then the feed) and what a person can do to them.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { texts } from '../texts'
import { get, post } from './client'
import { guessed, type Step } from './guess'
import { keys, topics } from './keys'
import { useLive } from './live-context'
import { type Ephemeral, mergeConversation, mergeDetail, NOTHING_EPHEMERAL } from './merge'
import type { Call, Conversation, ConversationDetail } from './schema'
import { useMay, useMe } from './session'
import { undos } from './undo'

type Listing = { items: Conversation[]; next: string | null }

export function useOpenConversations() {
  const live = useLive()
  const enabled = useMay('see_conversations')
  useEffect(() => (enabled ? live.inbox() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.open,
    enabled,
    queryFn: async ({ signal }) => {
      const listing = await get<Listing>('/api/conversations?folder=all&limit=200', signal)
      const open = listing.items.filter(item => item.control !== 'closed')
      return live.prefer(topics.inbox, keys.open, open)
    },
  })
}

export function useClosedConversations(enabled: boolean) {
  return useQuery({
    queryKey: keys.closed,
    enabled,
    queryFn: async ({ signal }) => (await get<Listing>('/api/conversations?folder=closed&limit=100', signal)).items,
  })
}

export function useConversation(id: string) {
  const live = useLive()
  useEffect(() => live.conversation(id), [live, id])
  return useQuery({
    queryKey: keys.conversation(id),
    queryFn: async ({ signal }) => {
      const detail = await get<ConversationDetail>(`/api/conversations/${encodeURIComponent(id)}`, signal)
      return live.prefer(topics.conversation(id), keys.conversation(id), detail)
    },
  })
}

export function useEphemeral(id: string): Ephemeral {
  const query = useQuery<Ephemeral>({
    queryKey: keys.ephemeral(id),
    queryFn: () => NOTHING_EPHEMERAL,
    enabled: false,
    initialData: NOTHING_EPHEMERAL,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return query.data
}

type Change = { path: Step; body?: unknown }

function step(id: string, path: Step, body?: unknown): Promise<Conversation> {
  return post<Conversation>(`/api/conversations/${encodeURIComponent(id)}/${path}`, body)
}

/** Take over, hand back or resolve: shown at once, and taken back if it is refused. The answer is how it now is. */
export function useControl(id: string) {
  const cache = useQueryClient()
  const me = useMe()
  const show = (fresh: Conversation) => {
    cache.setQueryData<ConversationDetail>(keys.conversation(id), detail =>
      detail ? mergeDetail(detail, 'conversation', fresh) : detail,
    )
    cache.setQueryData<Conversation[]>(keys.open, open => (open ? mergeConversation(open, fresh) : open))
  }
  return useMutation({
    mutationFn: ({ path, body }: Change) => step(id, path, body),
    onMutate: async ({ path }) => {
      await cache.cancelQueries({ queryKey: keys.conversation(id) })
      const known = cache.getQueryData<ConversationDetail>(keys.conversation(id))?.conversation
      // A call's sound changes hands at the server only: who is heard must not be guessed.
      if (!known || known.channel === 'call') return null
      show(guessed(known, path, me))
      return known
    },
    onSuccess: (fresh, { path }) => {
      show(fresh)
      if (path === 'resolve' && fresh.channel !== 'call')
        undos.offer(texts.undo.resolved(fresh.person.name), async () => {
          show(await step(id, 'reopen', { control_version: fresh.control_version }))
        })
      const { control, control_version, agent } = fresh
      cache.setQueryData<Call[]>(keys.calls, active =>
        active?.map(call =>
          call.conversation_id === id && call.control_version <= control_version
            ? { ...call, control, control_version, agent }
            : call,
        ),
      )
      void cache.invalidateQueries({ queryKey: keys.calls })
    },
    onError: (_error, _change, before) => {
      if (before) show(before)
      void cache.invalidateQueries({ queryKey: keys.conversation(id) })
    },
  })
}

export function markRead(id: string): Promise<unknown> {
  return post(`/api/conversations/${encodeURIComponent(id)}/read`)
}

const TYPING_EVERY = 3_000
const typedAt = new Map<string, number>()

/** Lets the customer's page show that somebody is writing to them. Never a reason to trouble whoever writes. */
export function sayTyping(id: string): void {
  const now = Date.now()
  if (now - (typedAt.get(id) ?? 0) < TYPING_EVERY) return
  typedAt.set(id, now)
  void post(`/api/conversations/${encodeURIComponent(id)}/typing`).catch(() => null)
}
