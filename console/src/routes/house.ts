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

const agenda = createRoute({
  getParentRoute: () => shell,
  path: '/agenda',
  validateSearch: (search: Record<string, unknown>): { dia?: string; ver?: string; quien?: string } => ({
    ...(typeof search.dia === 'string' && DAY.test(search.dia) ? { dia: search.dia } : {}),
    ...(search.ver === 'semana' ? { ver: search.ver } : {}),
    ...(typeof search.quien === 'string' ? { quien: search.quien } : {}),
  }),
  component: lazyRouteComponent(() => import('../features/agenda/AgendaPage'), 'AgendaPage'),
})

const excursions = createRoute({
  getParentRoute: () => shell,
  path: '/excursiones',
  validateSearch: (search: Record<string, unknown>): { desde?: string; cual?: string } => ({
    ...(typeof search.desde === 'string' && DAY.test(search.desde) ? { desde: search.desde } : {}),
    ...(typeof search.cual === 'string' ? { cual: search.cual } : {}),
  }),
  component: lazyRouteComponent(() => import('../features/excursions/ExcursionsPage'), 'ExcursionsPage'),
})

const partners = createRoute({
  getParentRoute: () => shell,
  path: '/comisiones',
  validateSearch: (search: Record<string, unknown>): { agencia?: string; mes?: string } => ({
    ...(typeof search.agencia === 'string' ? { agencia: search.agencia } : {}),
    ...(typeof search.mes === 'string' && /^\d{4}-\d{2}$/.test(search.mes) ? { mes: search.mes } : {}),
  }),
  component: lazyRouteComponent(() => import('../features/partners/PartnersPage'), 'PartnersPage'),
})

const reminders = createRoute({
  getParentRoute: () => shell,
  path: '/recordatorios',
  validateSearch: (search: Record<string, unknown>): { dia?: string; ver?: string } => ({
    ...(typeof search.dia === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(search.dia) ? { dia: search.dia } : {}),
    ...(search.ver === 'fallidos' ? { ver: search.ver } : {}),
  }),
  component: lazyRouteComponent(() => import('../features/reminders/RemindersPage'), 'RemindersPage'),
})

const opinions = createRoute({
  getParentRoute: () => shell,
  path: '/opiniones',
  component: lazyRouteComponent(() => import('../features/feedback/OpinionsPage'), 'OpinionsPage'),
})

const contact = createRoute({
  getParentRoute: () => shell,
  path: '/no-llamar',
  validateSearch: (search: Record<string, unknown>): { numero?: string; persona?: string } => {
    const numero = typeof search.numero === 'number' ? String(search.numero) : search.numero
    return {
      ...(typeof numero === 'string' && numero !== '' ? { numero } : {}),
      ...(typeof search.persona === 'string' ? { persona: search.persona } : {}),
    }
  },
  component: lazyRouteComponent(() => import('../features/contact/ContactPage'), 'ContactPage'),
})

export const houseRoutes = [
  reminders,
  opinions,
  contact,
  bookings,
  booking,
  deposits,
  today,
  availability,
  agenda,
  excursions,
  partners,
] as const
