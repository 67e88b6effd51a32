// Composition root of the console: makes the query cache, the live feed and the agent's audio, and mounts the router.

import '@mantine/core/styles.css'
import './tokens.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from './api/client'
import { keys } from './api/keys'
import { LiveFeed } from './api/live'
import { LiveContext, openLiveSocket } from './api/live-context'
import { LiveCache } from './api/liveCache'
import { deliverWaiting } from './api/outbox'
import { undos } from './api/undo'
import { AgentVoice } from './audio/agentVoice'
import { watchInstall } from './device/install'
import { makeRouter } from './router'
import { theme } from './theme'
import { VoiceContext } from './ui/voice/voice-context'

watchInstall()
const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && error instanceof ApiError && error.passing,
    },
    mutations: { networkMode: 'always' },
  },
})
const feed = new LiveFeed(openLiveSocket)
const live = new LiveCache(feed, cache)
const voice = new AgentVoice()
const router = makeRouter({ cache, live })

function leave(): void {
  if (router.state.location.pathname === '/entrar') return
  feed.stop()
  voice.suspend()
  cache.clear()
  undos.clear()
  cache.setQueryData(keys.me, null)
  const from = router.state.location.href
  void router.navigate({ to: '/entrar', search: { from } })
}

feed.onSignedOut = leave
// Who one is, what one may do and everything that is shown are asked for anew.
feed.onBeginAgain = () => void cache.resetQueries()
cache.getQueryCache().subscribe(event => {
  const error = event.type === 'updated' && event.action.type === 'error' ? event.action.error : null
  if (error instanceof ApiError && error.status === 401) leave()
})
window.addEventListener('online', () => {
  feed.wake()
  voice.wake()
})
let online = false
feed.watch(() => {
  const now = feed.state.status === 'online'
  if (now && !online) void deliverWaiting(cache)
  online = now
})
document.addEventListener('visibilitychange', () => {
  live.showing.setHidden(document.visibilityState !== 'visible')
  if (document.visibilityState !== 'visible') return
  feed.wake()
  voice.wake()
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={cache}>
          <LiveContext.Provider value={live}>
            <VoiceContext.Provider value={voice}>
              <RouterProvider router={router} />
            </VoiceContext.Provider>
          </LiveContext.Provider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
