// The team as the call desk sees it: who is there, with a voice or not, and in which call.

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { get } from './client'
import { keys, topics } from './keys'
import { useLive } from './live-context'
import type { Desk } from './schema'
import { useMay } from './session'

export function useDesk() {
  const live = useLive()
  const enabled = useMay('answer')
  useEffect(() => (enabled ? live.desk() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.desk,
    enabled,
    queryFn: async ({ signal }) => live.prefer(topics.desk, keys.desk, await get<Desk>('/api/desk', signal)),
  })
}
