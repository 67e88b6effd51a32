// An amount as a person types it, in minor units. Pure.

import { numberLocale } from '../texts/language'

/** What parts cents where this is read. */
const MARK = (0.5).toLocaleString(numberLocale).charAt(1)

/** "40.800", "$ 40.800,50", "40800.5" and "40,800.50" are all understood; anything else is null. */
export function parseAmount(text: string): number | null {
  const plain = text.replace(/[\s$]/g, '').replace(/^(ARS|USD|EUR)/i, '')
  if (!/^\d[\d.,]*$/.test(plain)) return null
  const [whole, cents] = split(plain)
  if (whole === null || !/^\d+$/.test(whole) || !/^\d{0,2}$/.test(cents)) return null
  const amount = Number(whole) * 100 + Number(cents.padEnd(2, '0'))
  return amount > 0 && Number.isSafeInteger(amount) ? amount : null
}

/** The last mark parts the cents when one or two figures follow it; marks before it must part thousands. */
function split(text: string): [string | null, string] {
  const at = Math.max(text.lastIndexOf(','), text.lastIndexOf('.'))
  if (at < 0) return [text, '']
  const after = text.slice(at + 1)
  if (after.length <= 2) return [thousands(text.slice(0, at)), after]
  return [thousands(text), '']
}

function thousands(text: string): string | null {
  const parts = text.split(/[.,]/)
  const good = parts.every((part, n) => (n === 0 ? part.length > 0 : part.length === 3))
  return good && (parts.length === 1 || (parts[0] ?? '').length <= 3) ? parts.join('') : null
}

/** How an amount is offered for correction: without the currency's sign. */
export function amountText(minor: number): string {
  const whole = Math.floor(minor / 100).toLocaleString(numberLocale, { useGrouping: true })
  return minor % 100 === 0 ? whole : `${whole}${MARK}${String(minor % 100).padStart(2, '0')}`
}
