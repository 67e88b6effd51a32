// The audit of a booking in words: what happened, by whom, why. Pure.

import type { HistoryItem } from '../../api/schema'
import { texts } from '../../texts'
import { capital } from '../../ui/format'

const SOLD = new Set(['sold', 'changed'])

export type HistoryLine = {
  key: string
  at: string
  what: string
  who: string
  why: string | null
  amount: number | null
}

export function historyLines(items: readonly HistoryItem[]): HistoryLine[] {
  return items
    .map((item, n) => ({
      key: `${item.at}-${n}`,
      at: item.at,
      what: wordFor(item.kind),
      who: nameOf(item.by),
      why: SOLD.has(item.kind) && item.reason ? texts.booking.number(item.reason) : sentence(item.reason),
      amount: item.amount ?? null,
    }))
    .reverse()
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
}

function wordFor(code: string): string {
  return texts.booking.events[code] ?? capital(code.replaceAll('_', ' '))
}

function nameOf(by: HistoryItem['by']): string {
  if (by && typeof by === 'object') return by.name ?? texts.common.noName
  if (by === 'pms') return texts.booking.byPms
  if (by === 'bot') return texts.thread.bot
  if (by?.startsWith('cnv_') || by === 'guest' || by === 'customer') return texts.thread.customer
  return by && by !== 'system' ? texts.booking.byTeam : texts.booking.bySystem
}

/** Reasons may be codes of the programme: those are no sentence and stay out. */
function sentence(reason: string | null | undefined): string | null {
  if (!reason) return null
  const known = texts.deposits.problems[reason]?.short
  return known ?? (/^[a-z_]+$/.test(reason) ? null : reason)
}
