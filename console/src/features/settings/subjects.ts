// The subjects of Ajustes: the one table from which its list, its search and its addresses are made.

import {
  type Icon,
  IconAddressBook,
  IconBrandWhatsapp,
  IconClockPause,
  IconCoffee,
  IconDatabaseExport,
  IconFlagCheck,
  IconListDetails,
  IconMailPause,
  IconMessage2Bolt,
  IconPlugConnected,
  IconShieldLock,
  IconTrashX,
  IconWorld,
} from '@tabler/icons-react'
import { type ComponentType, lazy } from 'react'
import type { Permission } from '../../api/schema'
import { setup as t } from '../../texts/setup'

export type Subject = keyof typeof t.names

export type SubjectLine = {
  key: Subject
  icon: Icon
  group: keyof typeof t.groups
  may: Permission
  Page: ComponentType
}

const desk = () => import('./DeskSubjects')

export const SUBJECTS: readonly SubjectLine[] = [
  {
    key: 'equipos',
    icon: IconAddressBook,
    group: 'desk',
    may: 'see_queues',
    Page: lazy(async () => ({ default: (await desk()).TeamsSubject })),
  },
  {
    key: 'colas',
    icon: IconListDetails,
    group: 'desk',
    may: 'see_queues',
    Page: lazy(async () => ({ default: (await desk()).QueuesSubject })),
  },
  {
    key: 'horarios',
    icon: IconClockPause,
    group: 'desk',
    may: 'see_queues',
    Page: lazy(async () => ({ default: (await desk()).HoursSubject })),
  },
  {
    key: 'resultados',
    icon: IconFlagCheck,
    group: 'desk',
    may: 'see_queues',
    Page: lazy(async () => ({ default: (await desk()).ResultsSubject })),
  },
  {
    key: 'respuestas',
    icon: IconMessage2Bolt,
    group: 'desk',
    may: 'see_queues',
    Page: lazy(async () => ({ default: (await desk()).CannedSubject })),
  },
  {
    key: 'pausas',
    icon: IconCoffee,
    group: 'desk',
    may: 'see_queues',
    Page: lazy(async () => ({ default: (await import('./Pauses')).Pauses })),
  },
  {
    key: 'canales',
    icon: IconPlugConnected,
    group: 'channels',
    may: 'see_alerts',
    Page: lazy(async () => ({ default: (await import('./Channels')).Channels })),
  },
  {
    key: 'sitios',
    icon: IconWorld,
    group: 'channels',
    may: 'manage_sites',
    Page: lazy(async () => ({ default: (await import('./Sites')).Sites })),
  },
  {
    key: 'plantillas',
    icon: IconBrandWhatsapp,
    group: 'channels',
    may: 'see_conversations',
    Page: lazy(async () => ({ default: (await import('./Templates')).Templates })),
  },
  {
    key: 'cuarentena',
    icon: IconMailPause,
    group: 'channels',
    may: 'manage_mail',
    Page: lazy(async () => ({ default: (await import('./Quarantine')).Quarantine })),
  },
  {
    key: 'roles',
    icon: IconShieldLock,
    group: 'house',
    may: 'see_queues',
    Page: lazy(async () => ({ default: (await import('./Roles')).Roles })),
  },
  {
    key: 'retencion',
    icon: IconTrashX,
    group: 'house',
    may: 'legal_hold',
    Page: lazy(async () => ({ default: (await import('./Retention')).Retention })),
  },
  {
    key: 'copias',
    icon: IconDatabaseExport,
    group: 'house',
    may: 'see_health',
    Page: lazy(async () => ({ default: (await import('./Backups')).Backups })),
  },
]

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Those that every word of `q` is found in: name, what it is about, and the words people look for. */
export function found<T extends { key: Subject }>(subjects: readonly T[], q: string): T[] {
  const words = plain(q).split(/\s+/).filter(Boolean)
  return subjects.filter(({ key }) => {
    const all = plain(`${t.names[key]} ${t.about[key]} ${t.words[key]}`)
    return words.every(word => all.includes(word))
  })
}
