// How long a customer may still be written to freely.

export type WindowState = { kind: 'free' } | { kind: 'closing'; left: string } | { kind: 'closed' }

const MINUTE = 60_000
const SHOWN_FROM = 6 * 60 * MINUTE

/** `free` also where it has no end; `closing` in its last six hours. */
export function windowState(until: string | null | undefined, now: number): WindowState {
  if (!until) return { kind: 'free' }
  const left = Date.parse(until) - now
  if (left <= 0) return { kind: 'closed' }
  if (left > SHOWN_FROM) return { kind: 'free' }
  const minutes = Math.max(1, Math.round(left / MINUTE))
  return { kind: 'closing', left: minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h` }
}
