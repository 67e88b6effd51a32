// Addresses of those who talk with customers.

import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { customerOf } from '../api/people'
import { shell } from './frame'

const desk = createRoute({
  getParentRoute: () => shell,
  id: 'desk',
  component: lazyRouteComponent(() => import('../features/inbox/DeskLayout'), 'DeskLayout'),
})

const inbox = createRoute({
  getParentRoute: () => desk,
  path: '/bandeja',
  component: lazyRouteComponent(() => import('../features/inbox/NothingPicked'), 'NothingPicked'),
})

const conversation = createRoute({
  getParentRoute: () => desk,
  path: '/c/$id',
  component: lazyRouteComponent(() => import('../features/conversation/ConversationPage'), 'ConversationPage'),
})

const calls = createRoute({
  getParentRoute: () => shell,
  path: '/llamadas',
  validateSearch: (search: Record<string, unknown>): { llamada?: string } =>
    typeof search.llamada === 'string' ? { llamada: search.llamada } : {},
  component: lazyRouteComponent(() => import('../features/calls/CallsPage'), 'CallsPage'),
})

const room = createRoute({
  getParentRoute: () => shell,
  path: '/sala',
  validateSearch: (search: Record<string, unknown>): { tv?: 1 } => (String(search.tv) === '1' ? { tv: 1 } : {}),
  component: lazyRouteComponent(() => import('../features/room/RoomPage'), 'RoomPage'),
})

const recordings = createRoute({
  getParentRoute: () => shell,
  path: '/grabaciones',
  validateSearch: (search: Record<string, unknown>): { grabacion?: string } =>
    typeof search.grabacion === 'string' ? { grabacion: search.grabacion } : {},
  component: lazyRouteComponent(() => import('../features/recordings/RecordingsPage'), 'RecordingsPage'),
})

const customers = createRoute({
  getParentRoute: () => shell,
  path: '/clientes',
  validateSearch: (search: Record<string, unknown>): { q?: string } => {
    const q = typeof search.q === 'number' ? String(search.q) : search.q
    return typeof q === 'string' && q !== '' ? { q } : {}
  },
  component: lazyRouteComponent(() => import('../features/people/SearchPage'), 'SearchPage'),
})

const customer = createRoute({
  getParentRoute: () => shell,
  path: '/clientes/$id',
  component: lazyRouteComponent(() => import('../features/people/CustomerPage'), 'CustomerPage'),
})

/** For those who know the conversation and not the customer, as a booking does. */
const customerOfConversation = createRoute({
  getParentRoute: () => shell,
  path: '/c/$id/cliente',
  beforeLoad: async ({ params }) => {
    throw redirect({ to: '/clientes/$id', params: { id: await customerOf(params.id) }, replace: true })
  },
})

export const deskRoutes = [
  desk.addChildren([inbox, conversation]),
  calls,
  room,
  recordings,
  customers,
  customer,
  customerOfConversation,
] as const
