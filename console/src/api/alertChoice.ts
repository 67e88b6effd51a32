// How the user wants to hear of alerts.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, put } from './client'
import { keys } from './keys'

export type Way = 'console' | 'email' | 'whatsapp' | 'push'
type Wanted = {
  ways: Way[]
  /** Null: of everything but what only informs. */
  kinds: string[] | null
  number: string | null
  quiet: { from: string; until: string } | null
  wake_for_urgent: boolean
}
export type AlertChoice = Wanted & {
  email: string
  available: Record<Way, boolean>
  all_kinds: { kind: string; name: string }[]
}

export function useAlertChoice() {
  return useQuery({
    queryKey: keys.alertChoice,
    queryFn: ({ signal }) => get<AlertChoice>('/api/me/alerts', signal),
  })
}

export function useSaveAlertChoice() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wanted: Wanted) => put<AlertChoice>('/api/me/alerts', wanted),
    onSuccess: fresh => cache.setQueryData(keys.alertChoice, fresh),
  })
}
