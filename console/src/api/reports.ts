// Figures of a period, what they are made of, and files to take away.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call, get, post, put } from './client'
import { keys } from './keys'
import { useLive } from './live-context'
import type { Named } from './schema'
import { useMay } from './session'

export type Unit = 'count' | 'seconds' | 'money' | 'percent' | 'mark'
export type Described = {
  key: string
  name: string
  definition: string
  unit: Unit
  currency: string | null
  good: -1 | 0 | 1
}
export type Figure = Described & {
  value: number | null
  before: number | null
  last_year: number | null
  series: (number | null)[]
}
export type Standing = Described & { value: number }
export type CostPart = {
  key: string
  name: string
  unit: string
  amount: number
  cost: number | null
  missing: boolean
  list: string
}
export type Price = {
  key: string
  name: string
  unit: string
  amount: number | null
  history: { amount: number | null; since: string; by: string; at: string }[]
}
export type Prices = { currency: string; scale: number; items: Price[] }
export type Split = { key: string; name?: string; values: Record<string, number | null> }
export type Report = {
  since: string
  until: string
  as_of: string
  currency: string
  days: string[]
  figures: Figure[]
  channels: Split[]
  standing: Standing[]
  costs: CostPart[]
}
export type Period = { since: string; until: string; channel: string | null }
export type Counted = {
  id: string
  at: string
  subject: string | null
  channel: string
  staff: Named | null
  amount: number
}
export type CountedKind = 'conversation' | 'call' | 'booking' | 'shift' | 'cost'
type Page = { figure: Described; kind: CountedKind; amounts: Unit | null; items: Counted[]; next: number | null }
export type Kind = 'conversations' | 'calls' | 'recordings' | 'bookings'
export type Format = 'xlsx' | 'csv'
export type Every = 'day' | 'week' | 'month'
export type Plan = { id: string; kind: Kind; format: Format; every: Every; to: string[]; next_at: string }

export function query(period: Period, more: Record<string, string> = {}): string {
  const words = new URLSearchParams({ since: period.since, until: period.until, ...more })
  if (period.channel) words.set('channel', period.channel)
  return words.toString()
}

/** Figures are asked for again when something has moved, and never otherwise. */
function useMoved(): void {
  const live = useLive()
  const enabled = useMay('see_reports')
  useEffect(() => (enabled ? live.reports() : undefined), [live, enabled])
}

export function useReport(period: Period) {
  useMoved()
  return useQuery({
    queryKey: keys.report(query(period)),
    queryFn: ({ signal }) => get<Report>(`/api/reports?${query(period)}`, signal),
    placeholderData: before => before,
  })
}

export function useStaffReport(period: Period) {
  return useQuery({
    queryKey: keys.staffReport(query(period)),
    queryFn: async ({ signal }) => (await get<{ items: Split[] }>(`/api/reports/staff?${query(period)}`, signal)).items,
    placeholderData: before => before,
  })
}

/** One's own figures, which need no permission to see the house's. */
export function useMyReport(period: Period) {
  return useQuery({
    queryKey: [...keys.reports, 'mine', query(period)],
    queryFn: ({ signal }) => get<Report>(`/api/reports/mine?${query(period)}`, signal),
    placeholderData: before => before,
    refetchInterval: 60_000,
  })
}

export function useMadeOf(figure: string, period: Period, mine: boolean) {
  return useInfiniteQuery({
    queryKey: [...keys.madeOf(figure, query(period)), mine],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => {
      const path = mine ? 'mine' : 'figures'
      return get<Page>(`/api/reports/${path}/${figure}?${query(period, { offset: String(pageParam) })}`, signal)
    },
    getNextPageParam: page => page.next,
  })
}

export function usePrices(wanted: boolean) {
  return useQuery({
    queryKey: [...keys.reports, 'prices'],
    enabled: wanted,
    queryFn: ({ signal }) => get<Prices>('/api/reports/prices', signal),
  })
}

export function usePricing() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ key, ...body }: { key: string; amount: number | null; since: string }) =>
      put<Prices>(`/api/reports/prices/${encodeURIComponent(key)}`, body),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.reports }),
  })
}

export function usePlans(wanted: boolean) {
  return useQuery({
    queryKey: keys.plans,
    enabled: wanted,
    queryFn: async ({ signal }) => (await get<{ items: Plan[] }>('/api/exports/schedules', signal)).items,
  })
}

export function usePlanning() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (plan: { kind: Kind; format: Format; every: Every; to: string[] } | { drop: string }) =>
      'drop' in plan
        ? call(`/api/exports/schedules/${encodeURIComponent(plan.drop)}`, { method: 'DELETE' })
        : post('/api/exports/schedules', plan),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.plans }),
  })
}
