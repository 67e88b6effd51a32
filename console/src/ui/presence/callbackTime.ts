// A moment to call again, as the field for it writes it: this desk's clock, without a zone. Pure.

const HOUR = 3_600_000

/** The next full hour that is at least one away. */
export function soonest(now: number): string {
  const at = new Date(now + HOUR)
  at.setMinutes(at.getMinutes() === 0 ? 0 : 60, 0, 0)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

export function callbackIso(local: string): string {
  return new Date(local).toISOString()
}
