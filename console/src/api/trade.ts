// Appointments, excursions and agencies: what the house sells besides rooms, and through whom.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, get, post } from './client'
import { keys } from './keys'
import type { Appointment } from './schema.people'
import type { Agenda, Brought, Departure, Excursion, Guest, Partner, Places, Slot, Statement } from './schema.trade'
import { useMay } from './session'

const RENEWED = 30_000
/** Names of what is kept of these; appointments of one person are the customer's page's own. */
const AGENDA = [...keys.allAppointments, 'agenda'] as const
const DAYS = [...keys.allAppointments, 'days'] as const
const SLOTS = [...keys.allAppointments, 'slots'] as const
const EXCURSIONS = ['excursions'] as const
const PARTNERS = ['partners'] as const

function reached(guest: Guest) {
  return { name: guest.name.trim(), phone: guest.phone.trim() || null, email: guest.email.trim() || null }
}

export function useAgenda() {
  return useQuery({
    queryKey: AGENDA,
    enabled: useMay('see_bookings'),
    staleTime: 300_000,
    queryFn: ({ signal }) => get<Agenda>('/api/appointments/agenda', signal),
  })
}

export function useDays(first: string, days: number, enabled: boolean) {
  return useQuery({
    queryKey: [...DAYS, first, days],
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: RENEWED,
    queryFn: async ({ signal }) =>
      (await get<{ items: Appointment[] }>(`/api/appointments/days?first=${first}&days=${days}`, signal)).items,
  })
}

export function useSlots(service: string | null, day: string) {
  return useQuery({
    queryKey: [...SLOTS, service, day],
    enabled: service !== null && day !== '',
    queryFn: async ({ signal }) => {
      const search = new URLSearchParams({ service: service ?? '', day })
      return (await get<{ items: Slot[] }>(`/api/appointments/slots?${search}`, signal)).items
    },
  })
}

type NewAppointment = { service: string; start: string; guest: Guest; client_id: string }

export function useBookAppointment() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ guest, ...rest }: NewAppointment) =>
      post<Appointment>('/api/appointments', { ...rest, ...reached(guest) }),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.allAppointments }),
  })
}

export function useCancelAppointment() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (code: string) => post<Appointment>(`/api/appointments/${encodeURIComponent(code)}/cancel`),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.allAppointments }),
  })
}

export function useExcursions() {
  return useQuery({
    queryKey: [...EXCURSIONS, 'catalogue'],
    enabled: useMay('see_bookings'),
    staleTime: 300_000,
    queryFn: async ({ signal }) => (await get<{ items: Excursion[] }>('/api/excursions', signal)).items,
  })
}

export function useDepartures(first: string, days: number) {
  return useQuery({
    queryKey: [...EXCURSIONS, 'departures', first, days],
    enabled: useMay('see_bookings'),
    placeholderData: keepPreviousData,
    refetchInterval: RENEWED,
    queryFn: async ({ signal }) =>
      (await get<{ items: Departure[] }>(`/api/excursions/departures?first=${first}&days=${days}`, signal)).items,
  })
}

/** Who goes on a day. */
export function usePlaces(day: string | null) {
  return useQuery({
    queryKey: [...EXCURSIONS, 'places', day],
    enabled: day !== null,
    refetchInterval: RENEWED,
    queryFn: async ({ signal }) => (await get<{ items: Places[] }>(`/api/excursions/places?day=${day}`, signal)).items,
  })
}

type NewPlaces = {
  excursion: string
  day: string
  adults: number
  children: number
  guest: Guest
  client_id: string
}

export function useBookPlaces() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ guest, ...rest }: NewPlaces) =>
      post<Places>('/api/excursions/places', { ...rest, ...reached(guest) }),
    onSettled: () => cache.invalidateQueries({ queryKey: EXCURSIONS }),
  })
}

export function useCancelPlaces() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (code: string) => post<Places>(`/api/excursions/places/${encodeURIComponent(code)}/cancel`),
    onSettled: () => cache.invalidateQueries({ queryKey: EXCURSIONS }),
  })
}

export function usePartners() {
  return useQuery({
    queryKey: PARTNERS,
    enabled: useMay('see_commissions'),
    queryFn: async ({ signal }) => (await get<{ items: Partner[] }>('/api/partners', signal)).items,
  })
}

export function partnerPath(id: string, rest: string): string {
  return `/api/partners/${encodeURIComponent(id)}${rest}`
}

/** The stays that an agency brought, the latest first. */
export function useBrought(id: string) {
  return useQuery({
    queryKey: [...PARTNERS, id, 'bookings'],
    queryFn: async ({ signal }) => (await get<{ items: Brought[] }>(partnerPath(id, '/bookings'), signal)).items,
  })
}

export function useStatement(id: string, month: string) {
  return useQuery({
    queryKey: [...PARTNERS, id, month],
    enabled: /^\d{4}-\d{2}$/.test(month),
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Statement>(partnerPath(id, `/statement?month=${month}`), signal),
  })
}

export type PartnerWish = Partial<Omit<Partner, 'id'>>

/** A new agency without an id; otherwise what is to be another. */
export function useSavePartner(id: string | null) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (wish: PartnerWish) =>
      id === null
        ? post<Partner>('/api/partners', wish)
        : (await call<Partner>(partnerPath(id, ''), { method: 'PATCH', body: wish })).data,
    onSettled: () => cache.invalidateQueries({ queryKey: PARTNERS }),
  })
}
