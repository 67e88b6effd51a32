// How the house works (normal, degraded, manual), what needs a person, and the figures of the day.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { texts } from '../texts'
import { get, post } from './client'
import { explained } from './explained'
import { keys, topics } from './keys'
import { useLive } from './live-context'
import { mergeAlert, openAlerts } from './mergeHouse'
import type { Alert, Discrepancies, Mode, Summary } from './schema'
import { useMay } from './session'
import { undos } from './undo'

export function useMode() {
  const live = useLive()
  const enabled = useMay('see_alerts')
  useEffect(() => (enabled ? live.mode() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.mode,
    enabled,
    queryFn: async ({ signal }) => live.prefer(topics.mode, keys.mode, await get<Mode>('/api/mode', signal)),
  })
}

export function useSetMode() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wish: { mode: 'manual' | 'normal'; reason: string }) => post<Mode>('/api/mode', wish),
    onSuccess: fresh => cache.setQueryData(keys.mode, fresh),
  })
}

export function useAlerts() {
  const live = useLive()
  const enabled = useMay('see_alerts')
  useEffect(() => (enabled ? live.alerts() : undefined), [live, enabled])
  return useQuery({
    queryKey: keys.alerts,
    enabled,
    queryFn: async ({ signal }) => {
      const open = openAlerts((await get<{ items: Alert[] }>('/api/alerts', signal)).items)
      return live.prefer(topics.alerts, keys.alerts, open)
    },
  })
}

export function useAlertDone() {
  const cache = useQueryClient()
  const show = (alert: Alert) => cache.setQueryData<Alert[]>(keys.alerts, known => mergeAlert(known ?? [], alert))
  return useMutation({
    mutationFn: (alert: Alert) => post<Alert | null>(`/api/alerts/${encodeURIComponent(alert.id)}/done`),
    onMutate: alert => show({ ...alert, state: 'done' }),
    onSuccess: (_answer, alert) => {
      void cache.invalidateQueries({ queryKey: keys.summary })
      undos.offer(texts.undo.alertDone, async () =>
        show(await post<Alert>(`/api/alerts/${encodeURIComponent(alert.id)}/reopen`)),
      )
    },
    onError: (error, alert) => {
      show(alert)
      undos.refused(`${texts.undo.rolledBack} ${explained(error)}`)
    },
  })
}

export function useSummary() {
  return useQuery({
    queryKey: keys.summary,
    enabled: useMay('see_alerts'),
    refetchInterval: 60_000,
    queryFn: ({ signal }) => get<Summary>('/api/summary', signal),
  })
}

/** What the PMS and this house disagree about; an older server that cannot compare just has nothing to say. */
export function useDiscrepancies() {
  return useQuery({
    queryKey: keys.discrepancies,
    enabled: useMay('see_bookings'),
    refetchInterval: 60_000,
    queryFn: ({ signal }) => get<Discrepancies>('/api/pms/discrepancies', signal),
  })
}
