// One booking: what it is, what happened to it, what was promised to the guest, and what can be done.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { writeBooking } from './bookingCache'
import { get, post } from './client'
import { keys } from './keys'
import type { Booking, Cancellation, ChangeOffer, HistoryItem, Reminder, RoomOffer, Stay } from './schema'
import { useMay } from './session'

export function bookingPath(code: string, rest = ''): string {
  return `/api/bookings/${encodeURIComponent(code)}${rest}`
}

export function useBooking(code: string) {
  return useQuery({
    queryKey: keys.booking(code),
    enabled: useMay('see_bookings'),
    queryFn: ({ signal }) => get<Booking>(bookingPath(code), signal),
  })
}

export function useHistory(code: string) {
  return useQuery({
    queryKey: keys.history(code),
    queryFn: async ({ signal }) => (await get<{ items: HistoryItem[] }>(bookingPath(code, '/history'), signal)).items,
  })
}

export function useReminders(code: string) {
  return useQuery({
    queryKey: keys.reminders(code),
    queryFn: async ({ signal }) => (await get<{ items: Reminder[] }>(bookingPath(code, '/reminders'), signal)).items,
  })
}

export function useCancelReminder(code: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => post<unknown>(`/api/reminders/${encodeURIComponent(id)}/cancel`),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.reminders(code) }),
  })
}

export type SentVoucher = { chat: boolean; mail: boolean }

export function useSendVoucher(code: string) {
  return useMutation({ mutationFn: () => post<SentVoucher>(bookingPath(code, '/voucher/send')) })
}

export function useRoomOffers(stay: Pick<Stay, 'check_in' | 'check_out' | 'guests'>, enabled: boolean) {
  const query = new URLSearchParams({
    check_in: stay.check_in,
    check_out: stay.check_out,
    guests: String(stay.guests),
  }).toString()
  return useQuery({
    queryKey: keys.rooms(query),
    enabled,
    queryFn: async ({ signal }) => (await get<{ items: RoomOffer[] }>(`/api/availability?${query}`, signal)).items,
  })
}

/** What a change would cost; nothing is changed. */
export function useChangeOffer(code: string) {
  return useMutation({
    mutationFn: (stay: Stay) => post<ChangeOffer>(bookingPath(code, '/change'), { ...stay, dry_run: true }),
  })
}

export function useChangeStay(code: string) {
  const cache = useQueryClient()
  return useMutation({
    // What was agreed goes along: at another price nothing is changed.
    mutationFn: async ({ stay, total }: { stay: Stay; total: number }) =>
      (await post<ChangeOffer>(bookingPath(code, '/change'), { ...stay, total })).booking,
    onSuccess: fresh => writeBooking(cache, fresh),
  })
}

/** What the PMS refused was put right there: it is told again. */
export function useRetryBooking(code: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => post<Booking>(bookingPath(code, '/retry')),
    onSuccess: fresh => writeBooking(cache, fresh),
  })
}

/** What would be given back; nothing is cancelled. */
export function useCancelTerms(code: string) {
  return useQuery({
    queryKey: keys.cancelTerms(code),
    staleTime: 0,
    queryFn: ({ signal }) => get<Cancellation>(bookingPath(code, '/cancel'), signal),
  })
}

export function useCancelBooking(code: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (reason: string) => post<Cancellation>(bookingPath(code, '/cancel'), { reason }),
    onSuccess: done => writeBooking(cache, done.booking),
  })
}
