// What to call somebody of whom little is known.

import type { Conversation, Person } from '../api/schema'
import { texts } from '../texts'
import { channelName } from './ChannelAvatar'

export function phoneOf(person: Person | null): string | null {
  return person?.identities.find(identity => identity.kind === 'phone')?.value ?? null
}

export function personName(person: Person | null, channel?: string): string {
  if (person?.name) return person.name
  const known = phoneOf(person) ?? person?.identities.find(identity => identity.kind === 'email')?.value
  if (known) return known
  return channel ? `${texts.thread.customer} · ${channelName(channel)}` : texts.common.noName
}

export function conversationName(conversation: Conversation): string {
  return personName(conversation.person, conversation.channel)
}
