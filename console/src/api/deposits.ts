// Deposits: which wait for a person, and what a person decides about them.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { writeBooking } from './bookingCache'
import { call, get, post } from './client'
import { keys } from './keys'
import { useLive } from './live-context'
import type { Booking, DepositCase } from './schema'
import { useMay } from './session'

export type DepositState = 'received' | 'refund_due' | 'all'

export function useDeposits(state: DepositState, wanted = true) {
  const live = useLive()
  const enabled = useMay('confirm_deposits') && wanted
  useEffect(() => (enabled ? live.bookings() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.deposits(state),
    enabled,
    queryFn: async ({ signal }) => (await get<{ items: DepositCase[] }>(`/api/deposits?state=${state}`, signal)).items,
  })
}

/** For a page that is being left: the request outlives it, and nobody waits for the answer. */
export function rejectOnLeaving({ code, reason }: Rejecting): void {
  void call(depositPath(code, 'reject'), { method: 'POST', body: { reason }, keepalive: true }).catch(() => null)
}

export function depositPath(code: string, verb: 'confirm' | 'reject'): string {
  return `/api/bookings/${encodeURIComponent(code)}/deposit/${verb}`
}

type Answer = Booking | { booking: Booking }

function bookingOf(answer: Answer): Booking {
  return 'booking' in answer ? answer.booking : answer
}

/** Confirm or reject. What was decided leaves the list at once; the feed and the next answer put it right. */
export function useDecideDeposit() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (wish: Confirming | Rejecting) => {
      const { code, verb, ...body } = wish
      return bookingOf(await post<Answer>(depositPath(code, verb), body))
    },
    onSuccess: fresh => writeBooking(cache, fresh),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.allDeposits }),
  })
}

export type Confirming = { verb: 'confirm'; code: string; amount?: number; force?: boolean }
export type Rejecting = { verb: 'reject'; code: string; reason: string }

/** The money was given back. */
export function useRefunded(code: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async () => bookingOf(await post<Answer>(`/api/bookings/${encodeURIComponent(code)}/deposit/refunded`)),
    onSuccess: fresh => writeBooking(cache, fresh),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.allDeposits }),
  })
}

/** A file of the conversation is the receipt of this booking. */
export function useAttachReceipt() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ code, attachmentId }: { code: string; attachmentId: string }) =>
      post<{ booking: Booking; taken: string }>(`/api/bookings/${encodeURIComponent(code)}/receipts`, {
        attachment_id: attachmentId,
      }),
    onSuccess: ({ booking }) => writeBooking(cache, booking),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.allDeposits }),
  })
}
