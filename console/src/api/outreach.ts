// What is written to guests without being asked, what they answered, and whom one may contact.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { get, post } from './client'
import { keys } from './keys'
import { useLive } from './live-context'
import type { Reminder } from './schema'
import { useMay } from './session'

export type DueReminder = Reminder & {
  code: string | null
  reason: string | null
  until: string
  actions: string[]
  conversation_id: string | null
  guest_name: string | null
  check_in: string | null
  check_out: string | null
}

export type WayAsked = {
  channel: string
  allowed: boolean
  text: string | null
  form: 'message' | 'letter' | 'template'
  subject: string | null
  body: string
}

export type ReminderPreview = DueReminder & {
  ways: WayAsked[]
  quiet: { now: boolean; from: string; until: string; zones: string[]; due_at: string }
}

export type Answer = {
  purpose: string
  channel: string
  automated: boolean
  allowed: boolean
  text: string | null
  rule?: string
  source?: string
}

export type ContactCheck = {
  number: string
  country: string | null
  zones: string[]
  at: string
  quiet: boolean
  person: { id: string; name: string | null } | null
  items: Answer[]
}

export type Withdrawal = {
  id: number
  person: { id: string; name: string | null }
  purpose: string
  channel: string
  proof: string
  by: 'customer' | 'staff'
  by_name: string | null
  at: string
}

export type Consent = {
  purpose: string
  channel: string
  state: 'given' | 'withdrawn'
  automated: boolean
  proof: string
  at: string
}

export type Opinion = {
  booking_id: string
  code: string | null
  score: number
  text: string | null
  via: string
  at: string
  guest_name: string | null
  conversation_id: string | null
  check_in: string | null
  check_out: string | null
}

export type OpinionFigures = {
  since: string
  count: number
  average: number | null
  scores: Record<string, number>
  low: number
}

export function useDueReminders(day: string | null) {
  const live = useLive()
  const enabled = useMay('see_bookings')
  useEffect(() => (enabled ? live.bookings() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.dueReminders(day ?? 'unsent'),
    enabled,
    refetchInterval: 60_000,
    queryFn: async ({ signal }) => {
      const path = day === null ? '/api/reminders/unsent' : `/api/reminders?day=${day}`
      return (await get<{ items: DueReminder[] }>(path, signal)).items
    },
  })
}

export function useReminderPreview(id: string | null) {
  return useQuery({
    queryKey: keys.dueReminders(`one ${id}`),
    enabled: id !== null,
    queryFn: ({ signal }) => get<ReminderPreview>(`/api/reminders/${encodeURIComponent(id ?? '')}`, signal),
  })
}

export function useChangeReminder() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ id, what }: { id: string; what: 'cancel' | 'again' }) =>
      post<DueReminder>(`/api/reminders/${encodeURIComponent(id)}/${what}`),
    onSettled: fresh => {
      if (fresh?.code) void cache.invalidateQueries({ queryKey: keys.reminders(fresh.code) })
      return cache.invalidateQueries({ queryKey: keys.allDueReminders })
    },
  })
}

export function useContactCheck(number: string) {
  return useQuery({
    queryKey: ['contact-check', number],
    enabled: useMay('answer') && number !== '',
    retry: false,
    queryFn: ({ signal }) =>
      get<ContactCheck>(`/api/contact-check?${new URLSearchParams({ number }).toString()}`, signal),
  })
}

const WITHDRAWALS = ['withdrawals'] as const

export function useWithdrawals() {
  return useInfiniteQuery({
    queryKey: WITHDRAWALS,
    enabled: useMay('answer'),
    initialPageParam: null as number | null,
    queryFn: ({ signal, pageParam }) =>
      get<{ items: Withdrawal[]; next: number | null }>(
        `/api/withdrawals${pageParam === null ? '' : `?before=${pageParam}`}`,
        signal,
      ),
    getNextPageParam: page => page.next,
  })
}

export function useConsents(person: string) {
  return useQuery({
    queryKey: ['consents', person],
    queryFn: async ({ signal }) =>
      (await get<{ items: Consent[] }>(`/api/people/${encodeURIComponent(person)}/consents`, signal)).items,
  })
}

export type Said = { purpose: string; channel: string; state: string; proof: string; automated: boolean }

export function useSay(person: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (said: Said) => post<unknown>(`/api/people/${encodeURIComponent(person)}/consents`, said),
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ['consents', person] })
      await cache.invalidateQueries({ queryKey: ['contact-check'] })
      await cache.invalidateQueries({ queryKey: WITHDRAWALS })
    },
  })
}

export function useOpinions() {
  return useQuery({
    queryKey: ['opinions'],
    enabled: useMay('see_bookings'),
    refetchInterval: 60_000,
    queryFn: async ({ signal }) => (await get<{ items: Opinion[] }>('/api/feedback?limit=300', signal)).items,
  })
}

export function useOpinionFigures(days: number) {
  return useQuery({
    queryKey: ['opinions', days],
    enabled: useMay('see_bookings'),
    queryFn: ({ signal }) => get<OpinionFigures>(`/api/feedback/figures?days=${days}`, signal),
  })
}
