// A booking that is known anew goes everywhere in the cache where it was known before.

import type { QueryClient } from '@tanstack/react-query'
import { keys } from './keys'
import { upsert } from './merge'
import type { Booking, ConversationDetail, DepositCase } from './schema'

export function writeBooking(cache: QueryClient, fresh: Booking): void {
  cache.setQueryData<Booking[]>(keys.bookings, known => (known ? upsert(known, fresh) : known))
  cache.setQueryData<Booking>(keys.booking(fresh.code), fresh)
  for (const state of ['received', 'refund_due', 'all'] as const) {
    cache.setQueryData<DepositCase[]>(keys.deposits(state), known =>
      known?.map(item => (item.booking.id === fresh.id ? { ...item, booking: fresh } : item)),
    )
  }
  void cache.invalidateQueries({ queryKey: keys.history(fresh.code) })
  void cache.invalidateQueries({ queryKey: keys.reminders(fresh.code) })
  if (!fresh.conversation_id) return
  cache.setQueryData<ConversationDetail>(keys.conversation(fresh.conversation_id), detail =>
    detail ? { ...detail, bookings: upsert(detail.bookings, fresh) } : detail,
  )
}
