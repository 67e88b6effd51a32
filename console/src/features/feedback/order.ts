// Which opinions wait for an answer, and which are shown. Pure.

import type { Opinion } from '../../api/outreach'
import type { Alert } from '../../api/schema'

export type Filter = 'all' | 'low' | 'words'

const LOW = 'low_feedback'

/** Those whose alert is still open, by the booking. */
export function waiting(given: readonly Opinion[], alerts: readonly Alert[]): Map<string, Alert> {
  const known = new Set(given.map(each => each.booking_id))
  const open = alerts.filter(alert => alert.kind === LOW && alert.state === 'open')
  return new Map(open.flatMap(alert => (alert.subject && known.has(alert.subject) ? [[alert.subject, alert]] : [])))
}

export function kept(given: readonly Opinion[], filter: Filter, low: number): Opinion[] {
  if (filter === 'low') return given.filter(each => each.score <= low)
  return filter === 'words' ? given.filter(each => each.text) : [...given]
}
