// How long to wait before a connection is tried again. Pure.

const FIRST_DELAY = 800
const LONGEST_DELAY = 30_000

/** Doubling delay, half of it random, so that a restarted server is not asked by everybody at once. */
export function backoff(tries: number, random: () => number): number {
  const whole = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** tries)
  return Math.round(whole / 2 + (whole / 2) * random())
}
