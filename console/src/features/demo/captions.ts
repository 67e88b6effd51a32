// What is being said in the call, line by line. Words still being recognised replace themselves. Pure.

import type { Caption } from '../../audio/mediaStream'

export type CaptionLine = Caption & { key: number; at: number }

const SAME_BREATH = 2_500
const KEPT = 60

export function withCaption(lines: readonly CaptionLine[], caption: Caption, now: number): CaptionLine[] {
  const last = lines[lines.length - 1]
  const key = (last?.key ?? 0) + 1
  const growing = last?.author === 'customer' && caption.author === 'customer' && now - last.at < SAME_BREATH
  if (growing) return [...lines.slice(0, -1), { ...caption, key: last.key, at: now }]
  return [...lines, { ...caption, key, at: now }].slice(-KEPT)
}
