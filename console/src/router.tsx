// Every address of the console. Screens load on their own, so the first paint carries only what it needs.

import { createRouter } from '@tanstack/react-router'
import { deskRoutes } from './routes/desk'
import { type Context, demo, index, root, shell, signIn } from './routes/frame'
import { houseRoutes } from './routes/house'
import { officeRoutes } from './routes/office'
import { BootPage } from './ui/device/BootPage'
import { LoadingPage } from './ui/LoadingPage'

const tree = root.addChildren([
  signIn,
  demo,
  shell.addChildren([index, ...deskRoutes, ...houseRoutes, ...officeRoutes]),
])

export function makeRouter(context: Context) {
  return createRouter({
    routeTree: tree,
    context,
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    defaultPendingComponent: LoadingPage,
    defaultErrorComponent: BootPage,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
