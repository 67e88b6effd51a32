// What the command bar finds among customers, conversations and bookings, by what the server lets this person see.

import { IconBed, IconFlame, IconMessage, IconUser } from '@tabler/icons-react'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useBookings } from '../../../api/bookings'
import { useOpenConversations } from '../../../api/conversations'
import { usePriority } from '../../../api/messaging'
import { useCustomers } from '../../../api/people'
import type { Priority } from '../../../api/schema'
import { useMay } from '../../../api/session'
import { texts } from '../../../texts'
import { commands } from '../../../texts/commands'
import { channelName } from '../../ChannelAvatar'
import { calendarDay } from '../../format'
import { conversationName } from '../../people'
import type { Entry } from './entries'
import { ranked } from './rank'

const MOST = 5
const LEAST = 2

/** `query` comes late on purpose: nothing is asked of the server while somebody is typing. */
export function useFound(query: string): { entries: Entry[]; searching: boolean; failed: boolean } {
  const asked = query.trim().length >= LEAST
  const navigate = useNavigate()
  const customers = useCustomers(query.trim(), asked)
  const conversations = useOpenConversations()
  const bookings = useBookings()
  if (!asked) return { entries: [], searching: false, failed: false }
  const people = (customers.data?.items ?? []).slice(0, MOST).map(
    (customer): Entry => ({
      id: `person:${customer.id}`,
      group: 'people',
      label: customer.name ?? texts.common.noName,
      // The server found it by more than is shown.
      words: `${customer.identities.map(identity => identity.value).join(' ')} ${query}`,
      icon: IconUser,
      hint: customer.identities.find(identity => identity.kind === 'phone' || identity.kind === 'email')?.value,
      ofCustomer: true,
      run: () => void navigate({ to: '/clientes/$id', params: { id: customer.id } }),
    }),
  )
  const threads = (conversations.data ?? []).map(
    (each): Entry => ({
      id: `thread:${each.id}`,
      group: 'conversations',
      label: conversationName(each),
      words: `${each.last_message?.text ?? ''} ${channelName(each.channel)}`,
      icon: IconMessage,
      hint: channelName(each.channel),
      ofCustomer: true,
      run: () => void navigate({ to: '/c/$id', params: { id: each.id } }),
    }),
  )
  const stays = (bookings.data ?? []).map(
    (each): Entry => ({
      id: `booking:${each.code}`,
      group: 'bookings',
      label: `${each.code} · ${each.guest_name ?? texts.bookings.noGuest}`,
      words: `${each.guest_name ?? ''} ${each.room?.number ?? ''}`,
      icon: IconBed,
      hint: calendarDay(each.check_in),
      ofCustomer: true,
      run: () => void navigate({ to: '/reservas/$code', params: { code: each.code } }),
    }),
  )
  return {
    entries: [...people, ...ranked(threads, query, []).slice(0, MOST), ...ranked(stays, query, []).slice(0, MOST)],
    searching: [customers, conversations, bookings].some(each => each.isFetching && each.data === undefined),
    failed: [customers, conversations, bookings].some(each => each.isError),
  }
}

const PRIORITIES: readonly Priority[] = ['normal', 'high', 'urgent']

/** How soon the open conversation is due. */
export function usePriorities(): Entry[] {
  const { id } = useParams({ strict: false })
  const may = useMay('answer')
  const open = useOpenConversations().data?.find(each => each.id === id)
  const change = usePriority(open?.id ?? '')
  if (!may || !open) return []
  return PRIORITIES.filter(each => each !== (open.priority ?? 'normal')).map(
    (each): Entry => ({
      id: `priority:${each}`,
      group: 'here',
      label: commands.bar.priority(texts.priority[each] ?? each),
      icon: IconFlame,
      run: () => change.mutateAsync(each),
    }),
  )
}
