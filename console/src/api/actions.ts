// What the present user may do with a thing when a live event does not say. The server decides again on every request.

import type { Booking, Conversation, ConversationAction, Permission, User } from './schema'

export function allows(user: User | null | undefined, permission: Permission): boolean {
  return user?.permissions.includes(permission) ?? false
}

export function conversationActions(conversation: Conversation, user: User): ConversationAction[] {
  if (conversation.actions) return conversation.actions
  if (!allows(user, 'answer')) return []
  const mine = conversation.control === 'agent' && conversation.agent?.id === user.id
  const held = conversation.control === 'agent' && !mine
  const mayTake = allows(user, 'take_from_colleague')
  const actions: ConversationAction[] = ['note']
  if (!mine && (!held || mayTake)) actions.push('take_over')
  if (mine) actions.push('reply', 'hand_back')
  else if (held && mayTake) actions.push('hand_back')
  if (conversation.control !== 'closed' && (!held || mayTake)) actions.push('resolve')
  return actions
}

export function bookingActions(booking: Booking, user: User): ('extend' | 'release')[] {
  if (booking.actions) return booking.actions
  if (booking.status !== 'hold' || !allows(user, 'change_bookings')) return []
  return booking.hold_extensions_left > 0 ? ['extend', 'release'] : ['release']
}
