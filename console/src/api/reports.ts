// Figures of a period, what they are made of, and files to take away.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ApiError, call, get, post } from './client'
import { keys } from './keys'
import { useLive } from './live-context'
import type { ErrorBody, Named } from './schema'
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
export type Figure = Described & { value: number | null; before: number | null; series: (number | null)[] }
export type Split = { key: string; name?: string; values: Record<string, number | null> }
export type Report = {
  since: string
  until: string
  as_of: string
  currency: string
  days: string[]
  figures: Figure[]
  channels: Split[]
}
export type Period = { since: string; until: string; channel: string | null }
export type Counted = { id: string; at: string; channel: string; staff: Named | null; amount: number }
type Page = { kind: 'conversation' | 'call' | 'booking'; items: Counted[]; next: number | null }
export type Kind = 'conversations' | 'calls' | 'recordings' | 'bookings'
export type Format = 'xlsx' | 'csv'
export type Every = 'day' | 'week' | 'month'
export type Plan = { id: string; kind: Kind; format: Format; every: Every; to: string[]; next_at: string }

function query(period: Period, more: Record<string, string> = {}): string {
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

export function useMadeOf(figure: string, period: Period) {
  return useInfiniteQuery({
    queryKey: keys.madeOf(figure, query(period)),
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      get<Page>(`/api/reports/figures/${figure}?${query(period, { offset: String(pageParam) })}`, signal),
    getNextPageParam: page => page.next,
  })
}

/** Fetched rather than opened, so that a refusal can be read where it happened. */
export async function takeExport(kind: Kind, format: Format, period: Period): Promise<void> {
  const response = await fetch(`/api/exports/${kind}?${query(period, { format })}`, { credentials: 'same-origin' })
  if (!response.ok) {
    const said = (await response.json().catch(() => null)) as ErrorBody | null
    throw new ApiError(response.status, said?.error.code ?? 'unknown', said?.error.message ?? '')
  }
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = `${kind}_${period.since}_${period.until}.${format}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
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
