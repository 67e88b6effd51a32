// The grid of availability, and holding a room for somebody at the counter.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { writeBooking } from './bookingCache'
import { get, post } from './client'
import { keys } from './keys'
import { useLive } from './live-context'
import type { Booking } from './schema'
import type { Grid, HoldWish } from './schema.grid'
import { useMay } from './session'

/** Renewed by whatever happens to a booking, and every half minute for what happens in the PMS alone. */
export function useGrid(from: string | undefined, nights: number) {
  const live = useLive()
  const enabled = useMay('see_bookings')
  useEffect(() => (enabled ? live.bookings() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.grid(from ?? '', nights),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
    queryFn: async ({ signal }) => {
      const draw = (first: string) => get<Grid>(`/api/availability/grid?from=${first}&nights=${nights}`, signal)
      const grid = await draw(from ?? localToday())
      return from || grid.from === grid.today ? grid : draw(grid.today)
    },
  })
}

/** Until the server has said what day it is where the house stands. */
function localToday(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

export function useHoldRoom() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wish: HoldWish) => post<Booking>('/api/bookings/holds', wish),
    onSuccess: fresh => writeBooking(cache, fresh),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.grids }),
  })
}
