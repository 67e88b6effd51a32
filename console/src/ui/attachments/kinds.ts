// What a file is for the person who looks at it. Pure.

import { numberLocale } from '../../texts/language'

export type FileKind = 'image' | 'pdf' | 'audio' | 'file'

const SHOWN = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif'])

/** Only pictures that cannot carry a programme are shown as such: never SVG. */
export function fileKind(mediaType: string): FileKind {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase()
  if (SHOWN.has(type)) return 'image'
  if (type === 'application/pdf') return 'pdf'
  return type.startsWith('audio/') || type === 'application/ogg' ? 'audio' : 'file'
}

export function fileSize(bytes: number): string {
  const units = ['B', 'kB', 'MB']
  let value = bytes
  let at = 0
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000
    at += 1
  }
  const digits = at > 0 && value < 10 ? 1 : 0
  return `${value.toLocaleString(numberLocale, { maximumFractionDigits: digits })} ${units[at]}`
}
