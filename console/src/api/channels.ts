// How the channels are doing: what came, left and failed, and what carriers say of them.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post } from './client'
import { keys } from './keys'
import { useMay } from './session'

export type Finding = { code: string; ok: boolean; severe: boolean; text: string }

export type Channel = {
  name: string
  account: string | null
  title: string
  state: 'ok' | 'warning' | 'down'
  last_in: string | null
  last_out: string | null
  last_error: { code: string; text: string; at: string } | null
  refused: number
  refused_at: string | null
  findings: Finding[]
  checked_at: string | null
  testable: boolean
}

type Listing = { items: Channel[] }

export function useChannels() {
  const enabled = useMay('see_alerts')
  return useQuery({
    queryKey: keys.channels,
    enabled,
    refetchInterval: 60_000,
    queryFn: async ({ signal }) => (await get<Listing>('/api/channels', signal)).items,
  })
}

export function useAskCarriers() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async () => (await get<Listing>('/api/channels?now=1')).items,
    onSuccess: items => cache.setQueryData(keys.channels, items),
  })
}

export function useTestChannel(name: string, account: string | null) {
  return useMutation({
    mutationFn: (to: string) => post<unknown>(`/api/channels/${encodeURIComponent(name)}/test`, { to, account }),
  })
}

export type ChannelSetup = {
  name: string
  on: boolean
  settings: { name: string; given: boolean; needed: boolean }[]
  webhooks: { what: string; url: string }[]
  public: boolean
}

/** Which settings make each channel; none of their values. */
export function useChannelSetup() {
  return useQuery({
    queryKey: [...keys.channels, 'setup'],
    enabled: useMay('see_alerts'),
    queryFn: async ({ signal }) => (await get<{ items: ChannelSetup[] }>('/api/channels/setup', signal)).items,
  })
}
