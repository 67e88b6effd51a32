// The frame that every address stands in: who is not signed in is asked to, and comes back to where they were.

import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { LiveCache } from '../api/liveCache'
import { meQuery } from '../api/session'
import { home } from '../ui/home'
import { NotFoundPage } from '../ui/StatePages'

export type Context = { cache: QueryClient; live: LiveCache }

export const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFoundPage })

export const signIn = createRoute({
  getParentRoute: () => root,
  path: '/entrar',
  validateSearch: (search: Record<string, unknown>): { from?: string } =>
    typeof search.from === 'string' ? { from: search.from } : {},
  component: lazyRouteComponent(() => import('../features/auth/SignInPage'), 'SignInPage'),
})

export const demo = createRoute({
  getParentRoute: () => root,
  path: '/demo',
  component: lazyRouteComponent(() => import('../features/demo/DemoPage'), 'DemoPage'),
})

export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const me = await context.cache.ensureQueryData(meQuery)
    if (!me) throw redirect({ to: '/entrar', search: { from: location.href } })
    context.live.feed.start()
  },
  component: lazyRouteComponent(() => import('../ui/Shell'), 'Shell'),
})

export const index = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async ({ context }) => {
    throw redirect({ to: home(await context.cache.ensureQueryData(meQuery)) })
  },
})
