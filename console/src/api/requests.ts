// What guests ask the house for: the open list, those of a booking, and what a person answers.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { texts } from '../texts'
import { get, post } from './client'
import { explained } from './explained'
import { keys, topics } from './keys'
import { useLive } from './live-context'
import { mergeRequest, openRequests } from './mergeRequests'
import type { GuestRequest } from './schema.requests'
import { useMay } from './session'
import { undos } from './undo'

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
  const show = (request: GuestRequest) => {
    cache.setQueryData<GuestRequest[]>(keys.requests, known => mergeRequest(known ?? [], request))
    void cache.invalidateQueries({ queryKey: keys.requestsOfBookings })
  }
  return useMutation({
    mutationFn: ({ request, verb, line }: Settling) =>
      post<GuestRequest>(`/api/requests/${encodeURIComponent(request.id)}/${verb}`, { line }),
    onMutate: ({ request, verb, line }) => {
      // A line that is sent to the guest is shown as sent when it is.
      if (!line) show({ ...request, state: verb === 'done' ? 'done' : 'declined' })
    },
    onSuccess: fresh => {
      show(fresh)
      if (!fresh.told)
        undos.offer(texts.undo.requestDone, async () =>
          show(await post<GuestRequest>(`/api/requests/${encodeURIComponent(fresh.id)}/reopen`)),
        )
    },
    onError: (error, { request, line }) => {
      if (line) return
      show(request)
      undos.refused(`${texts.undo.rolledBack} ${explained(error)}`)
    },
  })
}
