// What a browser says it is, in words.

const BROWSERS: [RegExp, string][] = [
  [/edg(e|a|ios)?\//i, 'Edge'],
  [/opr\/|opera/i, 'Opera'],
  [/firefox\/|fxios/i, 'Firefox'],
  [/chrome\/|crios/i, 'Chrome'],
  [/safari\//i, 'Safari'],
]
const SYSTEMS: [RegExp, string][] = [
  [/iphone|ipad/i, 'iOS'],
  [/android/i, 'Android'],
  [/windows/i, 'Windows'],
  [/mac os/i, 'macOS'],
  [/linux/i, 'Linux'],
]

export function deviceName(given: string | null): string | null {
  if (!given) return null
  const named = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(given))?.[1]
  const known = [named(BROWSERS), named(SYSTEMS)].filter(Boolean).join(' · ')
  return known || given.slice(0, 40)
}
