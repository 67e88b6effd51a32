// Queues: what waits and is offered, by push; how they stand, how they are set up, and canned replies.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { call, get, post } from './client'
import { serverNow } from './clock'
import { keys } from './keys'
import { useLive } from './live-context'
import type { CannedReply, DeskSetup, QueueBoard, QueueEntry } from './schema.queues'
import { useMay, useMe } from './session'

const QUARTER = 15 * 60_000
const AFTER = 700
/** The share of a promise that is left when it is at risk. */
const RISK = 0.25
const path = (...parts: string[]) => `/api/${parts.map(encodeURIComponent).join('/')}`

export function useEntries() {
  const live = useLive()
  const enabled = useMay('see_conversations')
  useEffect(() => (enabled ? live.queues() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.entries,
    enabled,
    queryFn: async ({ signal }) => (await get<{ items: QueueEntry[] }>('/api/queues/entries', signal)).items,
  })
}

export function useEntry(conversationId: string): QueueEntry | undefined {
  const entries = useEntries().data
  return useMemo(() => entries?.find(entry => entry.conversation_id === conversationId), [entries, conversationId])
}

/** What is being offered to whoever looks, the one that runs out first before the others. */
export function useOffers(): QueueEntry[] {
  const me = useMe()
  const entries = useEntries().data
  return useMemo(
    () =>
      (entries ?? [])
        .filter(entry => entry.state === 'offered' && entry.offered_to === me.id)
        .sort((a, b) => (a.offered_until ?? '').localeCompare(b.offered_until ?? '')),
    [entries, me.id],
  )
}

/** `taken` is told even where the offer is gone from the screen by then, as it is as soon as it is accepted. */
export function useAnswerOffer(entry: QueueEntry, taken: (conversationId: string) => void) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (accept: boolean) =>
      post<{ conversation_id: string } | null>(path('me', 'offers', entry.id, accept ? 'accept' : 'decline')),
    onSuccess: answer => {
      if (answer) taken(answer.conversation_id)
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.entries }),
  })
}

/** When the board is different though nothing has happened: a promise runs out, or a queue opens or closes. */
export function nextTurn(entries: readonly QueueEntry[], now: number): number {
  const due = entries
    .flatMap(entry => entry.clocks.map(clock => ({ clock, at: Date.parse(entry.at) })))
    .filter(({ clock }) => clock.state === 'running' || clock.state === 'at_risk')
    .flatMap(({ clock, at }) => [at + clock.left * 1000, at + (clock.left - clock.target * RISK) * 1000])
    .filter(moment => moment > now)
  return Math.min(Math.floor(now / QUARTER + 1) * QUARTER, ...due)
}

export function useBoard() {
  const cache = useQueryClient()
  const entries = useEntries().data
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const wait = () => {
      const now = serverNow()
      timer = setTimeout(
        () => {
          void cache.invalidateQueries({ queryKey: keys.board })
          wait()
        },
        nextTurn(entries ?? [], now) - now + AFTER,
      )
    }
    wait()
    return () => clearTimeout(timer)
  }, [cache, entries])
  return useQuery({
    queryKey: keys.board,
    enabled: useMay('see_queues'),
    queryFn: ({ signal }) => get<QueueBoard>('/api/queues/board', signal),
  })
}

export function useSetup() {
  return useQuery({
    queryKey: keys.setup,
    enabled: useMay('see_queues'),
    queryFn: ({ signal }) => get<DeskSetup>('/api/queues', signal),
  })
}

type Change = { method: 'POST' | 'PUT' | 'DELETE'; path: string[]; body?: unknown }

/** Every change of the setup answers with all of it. */
export function useChangeSetup() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (change: Change) =>
      (await call<DeskSetup>(path(...change.path), { method: change.method, body: change.body })).data,
    onSuccess: fresh => {
      cache.setQueryData(keys.setup, fresh)
      void cache.invalidateQueries({ queryKey: keys.board })
    },
  })
}

export function useCanned(wanted = true) {
  return useQuery({
    queryKey: keys.canned,
    enabled: useMay('answer') && wanted,
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => (await get<{ items: CannedReply[] }>('/api/canned', signal)).items,
  })
}

export function useChangeCanned() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (change: Change) =>
      (await call<{ items: CannedReply[] }>(path(...change.path), { method: change.method, body: change.body })).data,
    onSuccess: fresh => cache.setQueryData(keys.canned, fresh.items),
  })
}
