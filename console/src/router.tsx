// Every address of the console. Screens load on their own, so the first paint carries only what it needs.

import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import type { LiveCache } from './api/liveCache'
import { customerOf } from './api/people'
import { meQuery } from './api/session'
import { home } from './ui/home'
import { LoadingPage } from './ui/LoadingPage'
import { CrashPage, NotFoundPage } from './ui/StatePages'

type Context = { cache: QueryClient; live: LiveCache }

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFoundPage })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/entrar',
  validateSearch: (search: Record<string, unknown>): { from?: string } =>
    typeof search.from === 'string' ? { from: search.from } : {},
  component: lazyRouteComponent(() => import('./features/auth/SignInPage'), 'SignInPage'),
})

const demo = createRoute({
  getParentRoute: () => root,
  path: '/demo',
  component: lazyRouteComponent(() => import('./features/demo/DemoPage'), 'DemoPage'),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const me = await context.cache.ensureQueryData(meQuery)
    if (!me) throw redirect({ to: '/entrar', search: { from: location.href } })
    context.live.feed.start()
  },
  component: lazyRouteComponent(() => import('./ui/Shell'), 'Shell'),
})

const index = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async ({ context }) => {
    throw redirect({ to: home(await context.cache.ensureQueryData(meQuery)) })
  },
})

const desk = createRoute({
  getParentRoute: () => shell,
  id: 'desk',
  component: lazyRouteComponent(() => import('./features/inbox/DeskLayout'), 'DeskLayout'),
})

const inbox = createRoute({
  getParentRoute: () => desk,
  path: '/bandeja',
  component: lazyRouteComponent(() => import('./features/inbox/NothingPicked'), 'NothingPicked'),
})

const conversation = createRoute({
  getParentRoute: () => desk,
  path: '/c/$id',
  component: lazyRouteComponent(() => import('./features/conversation/ConversationPage'), 'ConversationPage'),
})

const calls = createRoute({
  getParentRoute: () => shell,
  path: '/llamadas',
  validateSearch: (search: Record<string, unknown>): { llamada?: string } =>
    typeof search.llamada === 'string' ? { llamada: search.llamada } : {},
  component: lazyRouteComponent(() => import('./features/calls/CallsPage'), 'CallsPage'),
})

const room = createRoute({
  getParentRoute: () => shell,
  path: '/sala',
  component: lazyRouteComponent(() => import('./features/room/RoomPage'), 'RoomPage'),
})

const recordings = createRoute({
  getParentRoute: () => shell,
  path: '/grabaciones',
  validateSearch: (search: Record<string, unknown>): { grabacion?: string } =>
    typeof search.grabacion === 'string' ? { grabacion: search.grabacion } : {},
  component: lazyRouteComponent(() => import('./features/recordings/RecordingsPage'), 'RecordingsPage'),
})

const bookings = createRoute({
  getParentRoute: () => shell,
  path: '/reservas',
  component: lazyRouteComponent(() => import('./features/bookings/BookingsPage'), 'BookingsPage'),
})

const booking = createRoute({
  getParentRoute: () => shell,
  path: '/reservas/$code',
  component: lazyRouteComponent(() => import('./features/bookings/BookingPage'), 'BookingPage'),
})

const deposits = createRoute({
  getParentRoute: () => shell,
  path: '/senas',
  validateSearch: (search: Record<string, unknown>): { reserva?: string } =>
    typeof search.reserva === 'string' ? { reserva: search.reserva } : {},
  component: lazyRouteComponent(() => import('./features/deposits/DepositsPage'), 'DepositsPage'),
})

const customers = createRoute({
  getParentRoute: () => shell,
  path: '/clientes',
  validateSearch: (search: Record<string, unknown>): { q?: string } => {
    const q = typeof search.q === 'number' ? String(search.q) : search.q
    return typeof q === 'string' && q !== '' ? { q } : {}
  },
  component: lazyRouteComponent(() => import('./features/people/SearchPage'), 'SearchPage'),
})

const customer = createRoute({
  getParentRoute: () => shell,
  path: '/clientes/$id',
  component: lazyRouteComponent(() => import('./features/people/CustomerPage'), 'CustomerPage'),
})

/** For those who know the conversation and not the customer, as a booking does. */
const customerOfConversation = createRoute({
  getParentRoute: () => shell,
  path: '/c/$id/cliente',
  beforeLoad: async ({ params }) => {
    throw redirect({ to: '/clientes/$id', params: { id: await customerOf(params.id) }, replace: true })
  },
})

const today = createRoute({
  getParentRoute: () => shell,
  path: '/hoy',
  component: lazyRouteComponent(() => import('./features/today/TodayPage'), 'TodayPage'),
})

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/ajustes',
  validateSearch: (search: Record<string, unknown>): { ver?: string } =>
    typeof search.ver === 'string' ? { ver: search.ver } : {},
  component: lazyRouteComponent(() => import('./features/settings/SettingsPage'), 'SettingsPage'),
})

const shift = createRoute({
  getParentRoute: () => shell,
  path: '/mi',
  validateSearch: (search: Record<string, unknown>): { dia?: string; persona?: string } => ({
    ...(typeof search.dia === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(search.dia) ? { dia: search.dia } : {}),
    ...(typeof search.persona === 'string' ? { persona: search.persona } : {}),
  }),
  component: lazyRouteComponent(() => import('./features/shift/ShiftPage'), 'ShiftPage'),
})

const assistant = createRoute({
  getParentRoute: () => shell,
  path: '/asistente',
  validateSearch: (search: Record<string, unknown>): { ver?: string } =>
    typeof search.ver === 'string' ? { ver: search.ver } : {},
  component: lazyRouteComponent(() => import('./features/assistant/AssistantPage'), 'AssistantPage'),
})

const me = createRoute({
  getParentRoute: () => shell,
  path: '/yo',
  component: lazyRouteComponent(() => import('./features/auth/MePage'), 'MePage'),
})

const staff = createRoute({
  getParentRoute: () => shell,
  path: '/personas',
  component: lazyRouteComponent(() => import('./features/staff/StaffPage'), 'StaffPage'),
})

const panel = createRoute({
  getParentRoute: () => shell,
  path: '/panel',
  component: lazyRouteComponent(() => import('./features/panel/PanelPage'), 'PanelPage'),
})

/** The address that the owner's telephone was given. */
const mobile = createRoute({
  getParentRoute: () => shell,
  path: '/mobile',
  beforeLoad: () => {
    throw redirect({ to: '/panel', replace: true })
  },
})

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/auditoria',
  component: lazyRouteComponent(() => import('./features/staff/AuditPage'), 'AuditPage'),
})

const tree = root.addChildren([
  signIn,
  demo,
  shell.addChildren([
    index,
    desk.addChildren([inbox, conversation]),
    calls,
    room,
    recordings,
    bookings,
    booking,
    deposits,
    customers,
    customer,
    customerOfConversation,
    today,
    shift,
    settings,
    assistant,
    me,
    staff,
    audit,
    panel,
    mobile,
  ]),
])

export function makeRouter(context: Context) {
  return createRouter({
    routeTree: tree,
    context,
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    defaultPendingComponent: LoadingPage,
    defaultErrorComponent: CrashPage,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
