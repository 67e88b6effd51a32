// Who wants to be called back, and what can be done about it.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post } from './client'
import { keys } from './keys'
import { mergeCallback } from './merge'
import type { Callback } from './schema'
import { useMay } from './session'

/** The live topic of the calls, which the same page subscribes to, keeps it up to date. */
export function useCallbacks() {
  return useQuery({
    queryKey: keys.callbacks,
    enabled: useMay('answer'),
    queryFn: async ({ signal }) => (await get<{ items: Callback[] }>('/api/callbacks', signal)).items,
  })
}

export function useCallbackDone(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => post<Callback>(`/api/callbacks/${encodeURIComponent(id)}/done`),
    onSuccess: fresh => {
      cache.setQueryData<Callback[]>(keys.callbacks, known => mergeCallback(known ?? [], fresh))
    },
  })
}

/** The assistant is who calls. */
export function usePlaceCall(callback: Callback) {
  return useMutation({
    mutationFn: () =>
      post<unknown>('/outbound-call', {
        to_number: callback.number,
        user_name: callback.person.name ?? callback.number,
      }),
  })
}
