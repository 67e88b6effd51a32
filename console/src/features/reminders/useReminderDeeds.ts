// Cancelling a reminder, having one sent after all, and taking back the first.

import { useState } from 'react'
import { useChangeReminder } from '../../api/outreach'

export type Deed = 'cancel' | 'again'

export type Deeds = {
  busy: string | null
  done: { id: string; what: Deed } | null
  error: unknown
  run: (id: string, what: Deed) => void
  forget: () => void
}

export function useReminderDeeds(): Deeds {
  const change = useChangeReminder()
  const [done, setDone] = useState<Deeds['done']>(null)
  return {
    busy: change.isPending ? (change.variables?.id ?? null) : null,
    done,
    error: change.error,
    run: (id, what) => change.mutate({ id, what }, { onSuccess: () => setDone({ id, what }) }),
    forget: () => {
      setDone(null)
      change.reset()
    },
  }
}
