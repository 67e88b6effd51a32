// Alerts as they stand: the gravest first, then the latest; whatever was settled leaves the list. Pure.

import type { Alert } from './schema'

const GRAVITY: Record<string, number> = { critical: 3, error: 3, warning: 2, info: 1 }

export function gravity(alert: Alert): number {
  return GRAVITY[alert.severity] ?? 2
}

export function openAlerts(alerts: readonly Alert[]): Alert[] {
  return alerts
    .filter(alert => alert.state === 'open')
    .sort((a, b) => gravity(b) - gravity(a) || Date.parse(b.created_at) - Date.parse(a.created_at))
}

export function mergeAlert(known: readonly Alert[], fresh: Alert): Alert[] {
  return openAlerts([...known.filter(alert => alert.id !== fresh.id), fresh])
}
