// Addresses of the house: what is booked, paid and due.

import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shell } from './frame'

const DAY = /^\d{4}-\d{2}-\d{2}$/

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

const availability = createRoute({
  getParentRoute: () => shell,
  path: '/disponibilidad',
  validateSearch: (search: Record<string, unknown>): { desde?: string; ver?: number; tipo?: string } => ({
    ...(typeof search.desde === 'string' && DAY.test(search.desde) ? { desde: search.desde } : {}),
    ...(search.ver === 7 || search.ver === 14 || search.ver === 31 ? { ver: search.ver } : {}),
    ...(typeof search.tipo === 'string' ? { tipo: search.tipo } : {}),
  }),
  component: lazyRouteComponent(() => import('../features/availability/AvailabilityPage'), 'AvailabilityPage'),
})

export const houseRoutes = [bookings, booking, deposits, today, availability] as const
