// Addresses of the house: what is booked, paid and due.

import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shell } from './frame'

const bookings = createRoute({
  getParentRoute: () => shell,
  path: '/reservas',
  component: lazyRouteComponent(() => import('../features/bookings/BookingsPage'), 'BookingsPage'),
})

const booking = createRoute({
  getParentRoute: () => shell,
  path: '/reservas/$code',
  component: lazyRouteComponent(() => import('../features/bookings/BookingPage'), 'BookingPage'),
})

const deposits = createRoute({
  getParentRoute: () => shell,
  path: '/senas',
  validateSearch: (search: Record<string, unknown>): { reserva?: string } =>
    typeof search.reserva === 'string' ? { reserva: search.reserva } : {},
  component: lazyRouteComponent(() => import('../features/deposits/DepositsPage'), 'DepositsPage'),
})

const today = createRoute({
  getParentRoute: () => shell,
  path: '/hoy',
  component: lazyRouteComponent(() => import('../features/today/TodayPage'), 'TodayPage'),
})

export const houseRoutes = [bookings, booking, deposits, today] as const
