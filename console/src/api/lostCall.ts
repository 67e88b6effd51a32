// The call that was taken from this person because their voice broke off: to be shown, and taken again with one click.

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { isMine, voiceOf } from './callState'
import { keys } from './keys'
import type { Call } from './schema'

/** The call that was theirs before, is not any more, and not because they gave it back. Pure. */
export function lostBetween(
  before: readonly Call[],
  now: readonly Call[],
  meId: string,
  voiceBroken: boolean,
): Call | null {
  for (const was of before) {
    if (!isMine(was, meId)) continue
    const is = now.find(call => call.id === was.id)
    if (!is || (is.control !== 'bot' && is.control !== 'queued')) continue
    if (voiceBroken || voiceOf(was).agent_voice === 'lost' || voiceOf(is).agent_voice === 'lost') return is
  }
  return null
}

/** To be mounted once: watches the calls and remembers which one was lost. */
export function useWatchLostCall(calls: readonly Call[], meId: string, voiceBroken: boolean): void {
  const cache = useQueryClient()
  const before = useRef(calls)
  useEffect(() => {
    const lost = lostBetween(before.current, calls, meId, voiceBroken)
    before.current = calls
    if (lost) setLostCall(cache, lost.id)
    const known = cache.getQueryData<string | null>(keys.lostCall)
    const still = calls.find(call => call.id === known)
    if (known && (!still || still.control === 'agent')) setLostCall(cache, null)
  }, [cache, calls, meId, voiceBroken])
}

export function setLostCall(cache: QueryClient, id: string | null): void {
  cache.setQueryData<string | null>(keys.lostCall, id)
}

export function useLostCall(): string | null {
  const query = useQuery<string | null>({
    queryKey: keys.lostCall,
    queryFn: () => null,
    enabled: false,
    initialData: null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
  return query.data
}
