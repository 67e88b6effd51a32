// Bookings and holds.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { get, post } from './client'
import { keys, topics } from './keys'
import { useLive } from './live-context'
import { upsert } from './merge'
import type { Booking, ConversationDetail } from './schema'
import { useMay } from './session'

export function useBookings() {
  const live = useLive()
  const enabled = useMay('see_bookings')
  useEffect(() => (enabled ? live.bookings() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.bookings,
    enabled,
    queryFn: async ({ signal }) => {
      const { items } = await get<{ items: Booking[] }>('/api/bookings?limit=300', signal)
      return live.feed.isLive(topics.bookings) ? live.withKnownBookings(items) : items
    },
  })
}

/** Extend or release a hold. The answer is the booking as it now is. */
export function useChangeHold() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ code, change }: { code: string; change: 'extend' | 'release' }) =>
      post<Booking>(`/api/bookings/${encodeURIComponent(code)}/${change}`),
    onSuccess: fresh => {
      cache.setQueryData<Booking[]>(keys.bookings, known => (known ? upsert(known, fresh) : known))
      if (fresh.conversation_id) {
        cache.setQueryData<ConversationDetail>(keys.conversation(fresh.conversation_id), detail =>
          detail ? { ...detail, bookings: upsert(detail.bookings, fresh) } : detail,
        )
      }
    },
    onError: () => cache.invalidateQueries({ queryKey: keys.bookings }),
  })
}
