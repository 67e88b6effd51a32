// What guests ask the house for: the open list, those of a booking, and what a person answers.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { get, post } from './client'
import { keys, topics } from './keys'
import { useLive } from './live-context'
import { mergeRequest, openRequests } from './mergeRequests'
import type { GuestRequest } from './schema.requests'
import { useMay } from './session'

export function useRequests() {
  const live = useLive()
  const enabled = useMay('see_conversations')
  useEffect(() => (enabled ? live.requests() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.requests,
    enabled,
    queryFn: async ({ signal }) => {
      const open = openRequests((await get<{ items: GuestRequest[] }>('/api/requests', signal)).items)
      return live.prefer(topics.requests, keys.requests, open)
    },
  })
}

/** All that was ever asked for with a booking. */
export function useRequestsOf(code: string) {
  const live = useLive()
  const enabled = useMay('see_conversations')
  useEffect(() => (enabled ? live.requests() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.requestsOf(code),
    enabled,
    queryFn: async ({ signal }) =>
      (await get<{ items: GuestRequest[] }>(`/api/requests?state=all&booking=${encodeURIComponent(code)}`, signal))
        .items,
  })
}

export type Settling = { request: GuestRequest; verb: 'done' | 'decline'; line: string }

export function useSettleRequest() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ request, verb, line }: Settling) =>
      post<GuestRequest>(`/api/requests/${encodeURIComponent(request.id)}/${verb}`, { line }),
    onSuccess: fresh => {
      cache.setQueryData<GuestRequest[]>(keys.requests, known => mergeRequest(known ?? [], fresh))
      void cache.invalidateQueries({ queryKey: keys.requestsOfBookings })
    },
  })
}
