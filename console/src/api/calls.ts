// Live and ended calls, and what can be done to a live one.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { type CallCommand, deedOf, expected, Throttle } from './callState'
import { ApiError, get, post } from './client'
import { keys, topics } from './keys'
import { useLive } from './live-context'
import { mergeActiveCall } from './merge'
import type { Call, CallDetail } from './schema'
import { moveSeat } from './seat'
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
    queryFn: async ({ signal }) => {
      try {
        return (await get<{ items: Call[] }>('/api/calls?status=ended', signal)).items
      } catch (error) {
        // A house without calls has none that ended.
        if (error instanceof ApiError && error.absent) return []
        throw error
      }
    },
  })
}

export function useCall(id: string) {
  return useQuery({
    queryKey: keys.call(id),
    queryFn: ({ signal }) => get<CallDetail>(`/api/calls/${encodeURIComponent(id)}`, signal),
  })
}

const throttle = new Throttle()

/** One deed on a live call: shown at once where that is safe, taken back when the server says no. */
export function useCallCommand(call: Call | null) {
  const cache = useQueryClient()
  const id = call?.id ?? ''
  const mutation = useMutation({
    mutationFn: ({ path, body }: CallCommand) => post<Call>(`/api/calls/${encodeURIComponent(id)}/${path}`, body),
    onMutate: command => {
      const before = cache.getQueryData<Call[]>(keys.calls)?.find(known => known.id === id)
      if (before) change(expected(before, command))
      return { before }
    },
    onSuccess: (fresh, command) => {
      change(fresh)
      moveSeat(cache, id, command)
      if (fresh.status === 'ended') void cache.invalidateQueries({ queryKey: keys.endedCalls })
    },
    onError: (_error, _command, context) => {
      const before = context?.before
      if (!before) return
      cache.setQueryData<Call[]>(keys.calls, active =>
        active?.map(known =>
          known.id === id && known.voice && before.voice ? { ...known, voice: before.voice } : known,
        ),
      )
      void cache.invalidateQueries({ queryKey: keys.calls })
    },
  })
  function change(fresh: Call): void {
    cache.setQueryData<Call[]>(keys.calls, active => mergeActiveCall(active ?? [], fresh))
  }
  const { mutate } = mutation
  /** Answers whether it was let through. */
  const run = useCallback(
    (command: CallCommand, done?: () => void): boolean => {
      if (!id || !throttle.allows(deedOf(id, command), Date.now())) return false
      mutate(command, { onSuccess: () => done?.() })
      return true
    },
    [id, mutate],
  )
  return { run, busy: mutation.isPending, error: mutation.error, reset: mutation.reset }
}
