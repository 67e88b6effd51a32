// Live and ended calls, and their recordings.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { get, post } from './client'
import { keys, topics } from './keys'
import { useLive } from './live-context'
import { mergeActiveCall } from './merge'
import type { Call, CallDetail } from './schema'
import { useMay } from './session'

export function useActiveCalls() {
  const live = useLive()
  const enabled = useMay('see_calls')
  useEffect(() => (enabled ? live.calls() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.calls,
    enabled,
    queryFn: async ({ signal }) => {
      const listing = await get<{ items: Call[] }>('/api/calls?status=active', signal)
      return live.prefer(topics.calls, keys.calls, listing.items)
    },
  })
}

export function useEndedCalls() {
  return useQuery({
    queryKey: keys.endedCalls,
    enabled: useMay('see_calls'),
    queryFn: async ({ signal }) => (await get<{ items: Call[] }>('/api/calls?status=ended', signal)).items,
  })
}

export function useCall(id: string) {
  return useQuery({
    queryKey: keys.call(id),
    queryFn: ({ signal }) => get<CallDetail>(`/api/calls/${encodeURIComponent(id)}`, signal),
  })
}

export function useHangUp() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => post<Call>(`/api/calls/${encodeURIComponent(id)}/hang_up`),
    onSuccess: fresh => {
      cache.setQueryData<Call[]>(keys.calls, active => mergeActiveCall(active ?? [], fresh))
      void cache.invalidateQueries({ queryKey: keys.endedCalls })
    },
  })
}

export type RecordingLink = { url: string; expires_at: string }

export function recordingLink(id: string): Promise<RecordingLink> {
  return post<RecordingLink>(`/api/recordings/${encodeURIComponent(id)}/link`)
}
