// Where each person starts, by what they may see.

import { allows } from '../api/actions'
import type { User } from '../api/schema'

export function home(user: User | null): '/bandeja' | '/panel' | '/reservas' | '/llamadas' | '/grabaciones' | '/yo' {
  if (allows(user, 'see_conversations')) return '/bandeja'
  if (allows(user, 'see_reports')) return '/panel'
  if (allows(user, 'see_bookings')) return '/reservas'
  if (allows(user, 'see_calls')) return '/llamadas'
  return allows(user, 'hear_recordings') ? '/grabaciones' : '/yo'
}
