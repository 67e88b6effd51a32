// The sections of the console: the one table from which the side bar, the tabs of a phone, the list under Yo and the
// command bar are made.

import {
  type Icon,
  IconBellRinging,
  IconBuildingSkyscraper,
  IconCalendarStats,
  IconCalendarTime,
  IconChartHistogram,
  IconClockHour4,
  IconCoins,
  IconHeadphones,
  IconHeartbeat,
  IconInbox,
  IconListSearch,
  IconMap2,
  IconMicrophone2,
  IconPhone,
  IconPhoneOff,
  IconReceipt,
  IconSettings,
  IconSparkles,
  IconStar,
  IconSunHigh,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import { allows } from '../api/actions'
import type { Permission, User } from '../api/schema'
import { texts } from '../texts'
import type { NavCounts } from './useNavCounts'

export type Section = {
  to:
    | '/hoy'
    | '/bandeja'
    | '/llamadas'
    | '/sala'
    | '/grabaciones'
    | '/reservas'
    | '/senas'
    | '/disponibilidad'
    | '/agenda'
    | '/excursiones'
    | '/comisiones'
    | '/panel'
    | '/clientes'
    | '/asistente'
    | '/mi'
    | '/ajustes'
    | '/personas'
    | '/auditoria'
    | '/recordatorios'
    | '/opiniones'
    | '/no-llamar'
    | '/salud'
  label: string
  icon: Icon
  /** Who sees it. */
  may: Permission
  /** In the side bar, or among the rest behind *Más*. */
  side?: boolean
  /** Among the few tabs of a phone, or under Yo. `alone`: a tab for those who have no inbox. */
  tab?: boolean | 'alone'
  count?: keyof NavCounts
  urgent?: boolean
  /** Addresses that belong to it too. */
  also?: string
}

export const SECTIONS: readonly Section[] = [
  {
    to: '/hoy',
    label: texts.nav.today,
    icon: IconSunHigh,
    may: 'see_alerts',
    side: true,
    tab: true,
    count: 'alerts',
    urgent: true,
  },
  {
    to: '/bandeja',
    label: texts.nav.inbox,
    icon: IconInbox,
    may: 'see_conversations',
    side: true,
    tab: true,
    count: 'waiting',
    urgent: true,
    also: '/c/',
  },
  {
    to: '/llamadas',
    label: texts.nav.calls,
    icon: IconPhone,
    may: 'see_calls',
    side: true,
    tab: true,
    count: 'calls',
  },
  {
    to: '/sala',
    label: texts.nav.room,
    icon: IconHeadphones,
    may: 'listen',
    side: true,
    count: 'helps',
    urgent: true,
  },
  { to: '/grabaciones', label: texts.nav.recordings, icon: IconMicrophone2, may: 'hear_recordings', side: true },
  {
    to: '/reservas',
    label: texts.nav.bookings,
    icon: IconBuildingSkyscraper,
    may: 'see_bookings',
    side: true,
    tab: true,
  },
  {
    to: '/senas',
    label: texts.nav.deposits,
    icon: IconCoins,
    may: 'confirm_deposits',
    side: true,
    tab: true,
    count: 'deposits',
    urgent: true,
  },
  { to: '/disponibilidad', label: texts.nav.availability, icon: IconCalendarStats, may: 'see_bookings', side: true },
  { to: '/panel', label: texts.figures.nav, icon: IconChartHistogram, may: 'see_reports', side: true, tab: 'alone' },
  { to: '/clientes', label: texts.nav.customers, icon: IconUsers, may: 'see_conversations', side: true },
  { to: '/agenda', label: texts.nav.agenda, icon: IconCalendarTime, may: 'see_bookings' },
  { to: '/excursiones', label: texts.nav.excursions, icon: IconMap2, may: 'see_bookings' },
  { to: '/comisiones', label: texts.nav.commissions, icon: IconReceipt, may: 'see_commissions' },
  { to: '/recordatorios', label: texts.nav.reminders, icon: IconBellRinging, may: 'see_bookings' },
  { to: '/opiniones', label: texts.nav.opinions, icon: IconStar, may: 'see_bookings' },
  { to: '/no-llamar', label: texts.nav.doNotCall, icon: IconPhoneOff, may: 'answer' },
  { to: '/asistente', label: texts.nav.assistant, icon: IconSparkles, may: 'teach_assistant' },
  { to: '/mi', label: texts.presence.day.title, icon: IconClockHour4, may: 'keep_shift' },
  { to: '/personas', label: texts.account.staff.title, icon: IconUsersGroup, may: 'manage_staff' },
  { to: '/ajustes', label: texts.queues.settings.title, icon: IconSettings, may: 'see_queues' },
  { to: '/salud', label: texts.nav.health, icon: IconHeartbeat, may: 'see_health' },
  { to: '/auditoria', label: texts.account.audit.title, icon: IconListSearch, may: 'see_audit' },
]

export function sectionsOf(user: User): Section[] {
  return SECTIONS.filter(section => allows(user, section.may))
}

export function isTab(section: Section, user: User): boolean {
  return section.tab === 'alone' ? !allows(user, 'see_conversations') : section.tab === true
}
