// Gives components the live feed, its visible state and its cache writer.

import { createContext, useContext, useSyncExternalStore } from 'react'
import type { LiveState, Socket } from './live'
import type { LiveCache } from './liveCache'

export const LiveContext = createContext<LiveCache | null>(null)

export function useLive(): LiveCache {
  const live = useContext(LiveContext)
  if (!live) throw new Error('LiveContext is missing')
  return live
}

export function useLiveState(): LiveState {
  const { feed } = useLive()
  return useSyncExternalStore(feed.watch, () => feed.state)
}

export function openLiveSocket(): Socket {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
  return new WebSocket(`${scheme}//${location.host}/api/live`) as unknown as Socket
}
