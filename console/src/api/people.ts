// Customers: finding them, all there is of one, and saying who is the same as whom.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError, get, post } from './client'
import { keys } from './keys'
import type { Conversation, ConversationDetail } from './schema'
import type { Appointment, Customer, CustomerPage } from './schema.people'
import { useMay } from './session'

export type Whole = CustomerPage<Conversation>

const ENOUGH = 50

function path(id: string, rest = ''): string {
  return `/api/people/${encodeURIComponent(id)}${rest}`
}

/** Without words, those met last. `more` tells that there are others. */
export function useCustomers(q: string, enabled = true) {
  const may = useMay('see_conversations')
  return useQuery({
    queryKey: keys.people(q),
    enabled: may && enabled,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const search = new URLSearchParams({ q, limit: String(ENOUGH + 1) })
      const { items } = await get<{ items: Customer[] }>(`/api/people?${search}`, signal)
      return { items: items.slice(0, ENOUGH), more: items.length > ENOUGH }
    },
  })
}

export function useCustomer(id: string) {
  return useQuery({
    queryKey: keys.person(id),
    enabled: useMay('see_conversations'),
    refetchInterval: 60_000,
    queryFn: ({ signal }) => get<Whole>(path(id), signal),
  })
}

export async function customerOf(conversation: string): Promise<string> {
  const detail = await get<ConversationDetail>(`/api/conversations/${encodeURIComponent(conversation)}`)
  return detail.conversation.person.id
}

/** Null where this house takes no appointments. */
export function useAppointments(id: string) {
  return useQuery({
    queryKey: keys.appointments(id),
    enabled: useMay('see_bookings'),
    queryFn: async ({ signal }) => {
      try {
        const search = new URLSearchParams({ person_id: id })
        return (await get<{ items: Appointment[] }>(`/api/appointments?${search}`, signal)).items
      } catch (error) {
        if (error instanceof ApiError && error.absent) return null
        throw error
      }
    },
  })
}

/** Merge or undo one. The answer is the customer who is kept, whole; whoever else it touched is asked for again. */
export function useMerging(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ change, other }: { change: 'merge' | 'unmerge'; other: string }) =>
      post<Whole>(path(id, `/${change}`), { other }),
    onSuccess: (whole, { other }) => {
      cache.setQueryData(keys.person(id), whole)
      cache.setQueryData(keys.person(whole.person.id), whole)
      void cache.invalidateQueries({ queryKey: keys.person(other) })
      for (const queryKey of [keys.allPeople, keys.allAppointments, keys.open, keys.closed, keys.conversations]) {
        void cache.invalidateQueries({ queryKey })
      }
    },
    onError: () => cache.invalidateQueries({ queryKey: keys.person(id) }),
  })
}

export function withoutSuggestion(whole: Whole, other: string): Whole {
  return { ...whole, suggestions: whole.suggestions.filter(each => each.person.id !== other) }
}

/** They are two: the suggestion goes at once, and comes back where the server did not take it. */
export function useTellApart(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (other: string) => post<unknown>(path(id, '/distinct'), { other }),
    onMutate: async other => {
      await cache.cancelQueries({ queryKey: keys.person(id) })
      cache.setQueryData<Whole>(keys.person(id), whole => whole && withoutSuggestion(whole, other))
    },
    onSettled: (_data, _error, other) =>
      Promise.all([
        cache.invalidateQueries({ queryKey: keys.person(id) }),
        cache.invalidateQueries({ queryKey: keys.person(other) }),
      ]),
  })
}
