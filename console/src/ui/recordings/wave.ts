// The arithmetic of the player: the shape of the sound, where one is in it, which sentence that is. Pure.

import type { RecordingItem, Sentence } from '../../api/schema'
import { numberLocale } from '../../texts/language'

/** A lane as a closed shape around its middle, one unit wide per value. Quiet speech is drawn larger than it is. */
export function lanePath(values: readonly number[], middle: number, half: number): string {
  if (values.length === 0) return ''
  const height = (value: number) => Math.max(0.4, Math.sqrt(Math.min(1, Math.max(0, value))) * half)
  const above = values.map((value, at) => `${at} ${round(middle - height(value))}`)
  const below = values.map((value, at) => `${at} ${round(middle + height(value))}`).reverse()
  return `M${above.join('L')}L${below.join('L')}Z`
}

export function clampTime(seconds: number, length: number): number {
  return Math.min(Math.max(0, length), Math.max(0, seconds))
}

const KEYS: Record<string, number> = {
  ArrowLeft: -5,
  ArrowDown: -5,
  ArrowRight: 5,
  ArrowUp: 5,
  PageDown: -30,
  PageUp: 30,
}

/** Where a key on the wave leads, or null when it leads nowhere. */
export function timeAfterKey(key: string, at: number, length: number): number | null {
  if (key === 'Home') return 0
  if (key === 'End') return length
  const by = KEYS[key]
  return by === undefined ? null : clampTime(at + by, length)
}

/** The last sentence that has begun; sentences of both sides may overlap. */
export function sentenceAt(transcript: readonly Sentence[], seconds: number): number {
  let found = -1
  transcript.forEach((sentence, at) => {
    if (sentence.at_ms <= seconds * 1000 + 50) found = at
  })
  return found
}

/** Bytes of a download: two channels of 16 bits for WAV, 32 kbit/s for Opus. */
export function downloadSize(seconds: number, format: 'opus' | 'wav', rate: number): number {
  return format === 'wav' ? 44 + Math.round(seconds * rate) * 4 : Math.round(seconds * 4_000)
}

export function sizeText(bytes: number): string {
  const mega = bytes / 1_000_000
  return mega < 0.1
    ? `${Math.max(1, Math.round(bytes / 1000))} kB`
    : `${mega.toLocaleString(numberLocale, { maximumFractionDigits: 1 })} MB`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** Whether there is nothing to hear: not yet, or not any more. */
export function soundless(state: RecordingItem['state']): boolean {
  return state !== 'ready' && state !== 'kept_wav'
}
