// When somebody wants to be called, in words, and whether that moment has passed. Pure.

import type { Callback } from '../../api/schema'
import { texts } from '../../texts'
import { clock, dayAhead } from '../../ui/format'

export function callbackWindow({ begin, end }: Pick<Callback, 'begin' | 'end'>, now: number): string {
  return `${dayAhead(begin, now)}, ${texts.callbacks.window(clock(begin), clock(end))}`
}

export function overdue({ end }: Pick<Callback, 'end'>, now: number): boolean {
  return now > Date.parse(end)
}
