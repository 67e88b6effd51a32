// The server's clock, as far as its answers tell: a desk whose own clock is wrong still counts down to the right moment.

let offset = 0

const TRUSTED = 3_000

export function learnClock(dateHeader: string | null, now: number = Date.now()): void {
  const theirs = dateHeader === null ? Number.NaN : Date.parse(dateHeader)
  if (Number.isNaN(theirs)) return
  const ahead = theirs - now
  offset = Math.abs(ahead) > TRUSTED ? ahead : 0
}

export function serverNow(now: number = Date.now()): number {
  return now + offset
}
