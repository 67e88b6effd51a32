// Gives components the live feed, its visible state and its cache writer.

import { createContext, useContext, useSyncExternalStore } from 'react'
import { language } from '../texts/language'
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
  // A browser does not let a page say its language in the handshake.
  const wish = language === 'en' ? '?lang=en' : ''
  return new WebSocket(`${scheme}//${location.host}/api/live${wish}`) as unknown as Socket
}
