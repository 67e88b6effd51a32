// How long is left of something that ends. Pure; the clock is passed in.

import { duration } from './format'

export type Left = { over: boolean; seconds: number; text: string; urgent: boolean }

const URGENT = 5 * 60

export function timeLeft(until: string, now: number): Left {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000))
  return { over: seconds === 0, seconds, text: duration(seconds), urgent: seconds <= URGENT }
}
