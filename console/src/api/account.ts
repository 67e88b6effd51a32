// One's own account, everybody's accounts, and what is on record.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, get, post } from './client'
import { keys } from './keys'
import type { Named, User } from './schema'

export type FactorState = { on: boolean; since: string | null; recovery_left: number }
export type Begun = { secret: string; uri: string; svg: string }
export type OpenSession = {
  id: string | null
  device: string | null
  address: string | null
  since: string
  seen_at: string | null
  until: string
  current: boolean
}
export type Account = Pick<User, 'id' | 'email' | 'name' | 'role'> & {
  active: boolean
  scope: 'house' | 'teams'
  second_factor: boolean
  sessions: number
}
export type Deed = {
  id: number
  what: string
  by: Named | null
  subject: string
  details: Record<string, unknown>
  at: string
}
/** `person`: everything that looking at is looking at them. */
export type AuditFilter = { what: string | null; by: string | null; subject: string | null; person: string | null }

export function useFactor() {
  return useQuery({
    queryKey: keys.factor,
    queryFn: ({ signal }) => get<FactorState>('/api/me/second_factor', signal),
  })
}

export const beginFactor = () => post<Begun>('/api/me/second_factor')
export const confirmFactor = (code: string) => codes('/api/me/second_factor/confirm', code)
export const renewCodes = (code: string) => codes('/api/me/second_factor/codes', code)
export const stopFactor = (code: string) => post('/api/me/second_factor/off', { code })

async function codes(path: string, code: string): Promise<string[]> {
  return (await post<{ recovery_codes: string[] }>(path, { code })).recovery_codes
}

export function useSessions() {
  return useQuery({
    queryKey: keys.sessions,
    queryFn: async ({ signal }) => (await get<{ items: OpenSession[] }>('/api/me/sessions', signal)).items,
  })
}

/** One of one's own, or without an id all but this one. */
export function useEndSession() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string | null) =>
      call(`/api/me/sessions${id === null ? '' : `/${encodeURIComponent(id)}`}`, { method: 'DELETE' }),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.sessions }),
  })
}

export const changePassword = (old: string, fresh: string) => post('/api/me/password', { old, new: fresh })

export function useAccounts() {
  return useQuery({
    queryKey: keys.accounts,
    queryFn: async ({ signal }) => (await get<{ items: Account[] }>('/api/staff', signal)).items,
  })
}

export type Deal =
  | { kind: 'add'; email: string; name: string; role: string; password: string; scope?: string }
  | { kind: 'alter'; id: string; name?: string; role?: string; active?: boolean; scope?: string }
  | { kind: 'password'; id: string; password: string }
  | { kind: 'sessions' | 'second_factor'; id: string }

export function useDeal() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (deal: Deal) => {
      if (deal.kind === 'add') {
        const { kind: _, ...body } = deal
        return call('/api/staff', { method: 'POST', body })
      }
      const one = `/api/staff/${encodeURIComponent(deal.id)}`
      if (deal.kind === 'alter') {
        const { kind: _, id: __, ...body } = deal
        return call(one, { method: 'PATCH', body })
      }
      if (deal.kind === 'password')
        return call(`${one}/password`, { method: 'POST', body: { password: deal.password } })
      return call(`${one}/${deal.kind}`, { method: 'DELETE' })
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.accounts }),
  })
}

export function useAudit({ what, by, subject, person }: AuditFilter) {
  return useInfiniteQuery({
    queryKey: [...keys.audit(what), by, subject, person],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams()
      if (what) query.set('what', what)
      if (by) query.set('by', by)
      if (subject) query.set('subject', subject)
      if (pageParam !== null) query.set('before', String(pageParam))
      const from = person ? `/api/people/${encodeURIComponent(person)}/reads` : '/api/audit'
      return get<{ items: Deed[]; next: number | null }>(`${from}?${query}`, signal)
    },
    getNextPageParam: page => page.next,
  })
}
