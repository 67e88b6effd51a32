// Composition root of the console: makes the query cache and the live feed, and mounts the router.

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
import { makeRouter } from './router'
import { theme } from './theme'

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
const router = makeRouter({ cache, live })

function leave(): void {
  if (router.state.location.pathname === '/entrar') return
  feed.stop()
  cache.clear()
  cache.setQueryData(keys.me, null)
  const from = router.state.location.href
  void router.navigate({ to: '/entrar', search: { from } })
}

feed.onSignedOut = leave
cache.getQueryCache().subscribe(event => {
  const error = event.type === 'updated' && event.action.type === 'error' ? event.action.error : null
  if (error instanceof ApiError && error.status === 401) leave()
})
window.addEventListener('online', () => feed.wake())
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') feed.wake()
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={cache}>
          <LiveContext.Provider value={live}>
            <RouterProvider router={router} />
          </LiveContext.Provider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
