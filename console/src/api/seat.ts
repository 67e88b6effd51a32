// Where this person listens, kept in the cache from the answer to their own command.

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type CallCommand, isMine, type Seat } from './callState'
import { keys } from './keys'
import type { Call } from './schema'

export function useSeat(): Seat | null {
  const query = useQuery<Seat | null>({
    queryKey: keys.seat,
    queryFn: () => null,
    enabled: false,
    initialData: null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
  return query.data
}

/** What a command that went through means for the seat. Pure. */
export function seatAfter(seat: Seat | null, callId: string, command: CallCommand): Seat | null {
  if (command.path === 'listen') return { callId, mode: command.body.mode }
  const left = command.path === 'leave' && seat?.callId === callId
  return left ? null : seat
}

export function moveSeat(cache: QueryClient, callId: string, command: CallCommand): void {
  const seat = cache.getQueryData<Seat | null>(keys.seat) ?? null
  cache.setQueryData<Seat | null>(keys.seat, seatAfter(seat, callId, command))
}

/** To be mounted once: whoever takes the call they listened to does not listen any more, nor when it is over. */
export function useWatchSeat(calls: readonly Call[], meId: string): void {
  const cache = useQueryClient()
  const seat = useSeat()
  const call = calls.find(each => each.id === seat?.callId)
  const over = seat !== null && (!call || isMine(call, meId))
  useEffect(() => {
    if (over) cache.setQueryData<Seat | null>(keys.seat, null)
  }, [cache, over])
}
