// Bookings and holds.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { writeBooking } from './bookingCache'
import { get, post } from './client'
import { keys, topics } from './keys'
import { useLive } from './live-context'
import type { Booking } from './schema'
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
    onSuccess: fresh => writeBooking(cache, fresh),
    onError: () => cache.invalidateQueries({ queryKey: keys.bookings }),
  })
}
