// The user's browsers that are told of news while they are closed.

import { useQuery } from '@tanstack/react-query'
import type { PushKeys } from '../device/push'
import { call, get, post } from './client'

export type PushKind = 'call' | 'offer' | 'help' | 'message' | 'alert'
export type PushDevice = {
  id: string
  device: string | null
  wants: PushKind[]
  since: string
  seen_at: string
  last_ok_at: string | null
  failures: number
  last_error: string | null
  signed_in: boolean
}
export type PushState = { available: boolean; public_key: string | null; kinds: PushKind[]; devices: PushDevice[] }

export const pushKey = ['push'] as const

export const pushState = (signal?: AbortSignal) => get<PushState>('/api/me/push', signal)

export function usePushState() {
  return useQuery({ queryKey: pushKey, queryFn: ({ signal }) => pushState(signal) })
}

/** Without `wants` a known browser keeps its own. */
export async function addDevice(keys: PushKeys, wants?: PushKind[]): Promise<string> {
  return (await post<{ id: string }>('/api/me/push', { ...keys, ...(wants ? { wants } : {}) })).id
}

export async function removeDevice(id: string): Promise<void> {
  await call(`/api/me/push/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

export async function testDevice(id: string): Promise<void> {
  await post(`/api/me/push/${encodeURIComponent(id)}/test`)
}
