// How a call is described in a few words. Pure.

import type { Call } from '../../api/schema'
import { es } from '../../texts/es'
import { capital } from '../../ui/format'

export function callSource(call: Call): string {
  const way = call.direction === 'outbound' ? es.calls.outbound : es.calls.inbound
  if (call.line === 'browser') return `${way} · ${es.calls.browser}`
  const number = call.direction === 'outbound' ? call.to : call.from
  return `${way} · ${number ?? es.calls.unknownNumber}`
}

export function endReason(reason: string | null): string {
  if (!reason) return ''
  return es.calls.endReasons[reason] ?? capital(reason.replaceAll('_', ' '))
}

export function callSeconds(call: Call): number {
  if (call.seconds !== null) return call.seconds
  if (!call.answered_at || !call.ended_at) return 0
  return (Date.parse(call.ended_at) - Date.parse(call.answered_at)) / 1000
}
