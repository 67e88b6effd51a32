// What whoever runs the house sees and decides: roles, how long things are kept, backups, how everything is.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, get, post, put } from './client'
import { keys } from './keys'
import type { Mode, ModeName, Named } from './schema'
import { useMay } from './session'

export type RoleTable = { roles: string[]; items: { action: string; roles: string[] }[] }

export type Period = {
  name: string
  days: number
  /** As the environment says. */
  given: number
  chosen: boolean
  least: number
  most: number
}

export type Retention = {
  items: Period[]
  history: { name: string; days: number | null; by: Named; at: string }[]
  next_at: string
}

export type LegalHold = {
  id: string
  person_id: string
  person: { id: string; name: string | null }
  reason: string
  by_name: string | null
  at: string
}

export type Deletion = { what: string; subject: string; count: number; rule: string; at: string }

export type Backups = {
  state: 'off' | 'none' | 'ok' | 'failed'
  keep: number
  recordings: boolean
  own_folder: boolean
  next_at: string | null
  error: string | null
  items: { name: string; at: string; size: number }[]
}

export type WorkQueue = {
  kind: string
  due: number
  later: number
  running: number
  parked: number
  retried: number
}

export type State = {
  version: string
  as_of: string
  house: Mode
  history: {
    at: string
    mode: ModeName
    selling: boolean
    down: Record<string, string>
    reason: string | null
    by: Named | null
  }[]
  nodes: { name: string; host: string; own: boolean; started_at: string; seen_at: string }[]
  machine: {
    disk: { free: number; total: number }
    memory: { free: number | null; total: number | null; own: number | null }
    cores: number | null
    database: { engine: 'sqlite' | 'postgresql'; size: number | null }
  }
  work: {
    late_since: string | null
    queues: WorkQueue[]
    parked: { kind: string; error: string | null; attempts: number; at: string | null }[]
  }
  backup: Backups
}

export function useRoles() {
  return useQuery({
    queryKey: ['roles'],
    enabled: useMay('see_queues'),
    staleTime: 600_000,
    queryFn: ({ signal }) => get<RoleTable>('/api/roles', signal),
  })
}

const RETENTION = ['retention'] as const

export function useRetention() {
  return useQuery({
    queryKey: RETENTION,
    enabled: useMay('legal_hold'),
    queryFn: ({ signal }) => get<Retention>('/api/retention', signal),
  })
}

export function useWouldDelete(name: string, days: number | null) {
  return useQuery({
    queryKey: [...RETENTION, name, days],
    enabled: days !== null,
    queryFn: async ({ signal }) =>
      (await get<{ deletes: Record<string, number> }>(`/api/retention/${name}/preview?days=${days}`, signal)).deletes,
  })
}

export function useChoosePeriod() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ name, days }: { name: string; days: number | null }) =>
      put<Retention>(`/api/retention/${name}`, { days }),
    onSuccess: fresh => cache.setQueryData(RETENTION, fresh),
  })
}

const HOLDS = ['legal-holds'] as const

export function useLegalHolds() {
  return useQuery({
    queryKey: HOLDS,
    enabled: useMay('legal_hold'),
    queryFn: async ({ signal }) => (await get<{ items: LegalHold[] }>('/api/legal-holds', signal)).items,
  })
}

export function useChangeHold() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ person, reason }: { person: string; reason: string | null }) => {
      const path = `/api/people/${encodeURIComponent(person)}/legal-hold`
      return reason === null ? call<null>(path, { method: 'DELETE' }) : post<unknown>(path, { reason })
    },
    onSettled: () => cache.invalidateQueries({ queryKey: HOLDS }),
  })
}

export function useDeletions() {
  return useQuery({
    queryKey: ['deletions'],
    enabled: useMay('legal_hold'),
    queryFn: async ({ signal }) => (await get<{ items: Deletion[] }>('/api/deletions', signal)).items,
  })
}

export function useBackups() {
  return useQuery({
    queryKey: ['backups'],
    enabled: useMay('see_health'),
    queryFn: ({ signal }) => get<Backups>('/api/backups', signal),
  })
}

/** Asked again and again while somebody looks, and at once when the mode changes. */
export function useHouseState() {
  return useQuery({
    queryKey: keys.houseState,
    enabled: useMay('see_health'),
    refetchInterval: 10_000,
    queryFn: ({ signal }) => get<State>('/api/state', signal),
  })
}
