import { useActiveCalls } from '../api/calls'
import { useOpenConversations } from '../api/conversations'
import { useDeposits } from '../api/deposits'
import { useAlerts } from '../api/house'
import { gravity } from '../api/mergeHouse'

export type NavCounts = { waiting: number; calls: number; helps: number; deposits: number; alerts: number }

/** The numbers worth a glance from anywhere: who waits for a person, calls, asked help, deposits to confirm, alerts. */
export function useNavCounts(): NavCounts {
  const open = useOpenConversations().data ?? []
  const calls = useActiveCalls().data ?? []
  const deposits = useDeposits('received').data ?? []
  const alerts = useAlerts().data ?? []
  return {
    waiting: open.filter(item => item.control === 'queued').length,
    calls: calls.length,
    helps: calls.filter(call => call.voice?.help).length,
    deposits: deposits.length,
    alerts: alerts.filter(alert => gravity(alert) > 1).length,
  }
}
