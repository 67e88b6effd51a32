// The web sites that may show the chat, and mails that could not be taken.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError, call, get, post } from './client'
import { useMay } from './session'

export type Site = {
  key: string
  name: string
  origins: string[]
  snippet: string
  page: string
  default: boolean
  created_at: string | null
}

const SITES = ['sites'] as const

export function useSites() {
  return useQuery({
    queryKey: SITES,
    enabled: useMay('manage_sites'),
    queryFn: async ({ signal }) => (await get<{ items: Site[] }>('/api/webchat/sites', signal)).items,
  })
}

export function useAddSite() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wanted: { name: string; origins: string[] }) =>
      post<Site & { secret: string }>('/api/webchat/sites', wanted),
    onSuccess: () => cache.invalidateQueries({ queryKey: SITES }),
  })
}

export function useDropSite() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (key: string) => call<null>(`/api/webchat/sites/${encodeURIComponent(key)}`, { method: 'DELETE' }),
    onSettled: () => cache.invalidateQueries({ queryKey: SITES }),
  })
}

export function useSiteSecret(key: string) {
  return useMutation({
    mutationFn: async () =>
      (await post<{ secret: string }>(`/api/webchat/sites/${encodeURIComponent(key)}/secret`)).secret,
    gcTime: 0,
  })
}

export type AsideMail = {
  id: string
  account: string
  folder: string | null
  state: 'quarantined' | 'taken' | 'left' | 'bounced'
  reason: string
  text: string
  tries: number
  retry_at: string | null
  at: string
}

const QUARANTINE = ['quarantine'] as const

/** Null where this house reads no mail. */
export function useQuarantine() {
  return useQuery({
    queryKey: QUARANTINE,
    enabled: useMay('manage_mail'),
    refetchInterval: 60_000,
    queryFn: async ({ signal }) => {
      try {
        return (await get<{ items: AsideMail[] }>('/api/mail/quarantine', signal)).items
      } catch (error) {
        if (error instanceof ApiError && error.absent) return null
        throw error
      }
    },
  })
}

export function useAside() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ id, what }: { id: string; what: 'retry' | 'leave' }) =>
      post<AsideMail>(`/api/mail/quarantine/${encodeURIComponent(id)}/${what}`),
    onSettled: () => cache.invalidateQueries({ queryKey: QUARANTINE }),
  })
}
