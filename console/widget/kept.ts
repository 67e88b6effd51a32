// Remembers the visitor's session over a reload, by site: in the browser's storage, partitioned by the site that shows the
// chat; where the browser denies a frame any, in that site's own; where there is none at all, as long as the page lasts.

import type { Session } from './wire'

type Kept = Session & { seen: number; who?: string }

const memory = new Map<string, string>()
let outside: (value: string | null) => void = () => undefined

export function keepOutside(keep: (value: string | null) => void): void {
  outside = keep
}

export function restore(key: string, value: string): void {
  if (!memory.has(key)) memory.set(key, value)
}

export function recall(key: string): Kept | null {
  try {
    const found = JSON.parse(read(key) ?? 'null') as Partial<Kept> | null
    if (!found?.id || !found.token) return null
    return { id: found.id, token: found.token, seen: found.seen ?? 0, ...(found.who ? { who: found.who } : {}) }
  } catch {
    return null
  }
}

export function remember(key: string, kept: Kept): void {
  write(key, JSON.stringify(kept))
}

export function forget(key: string): void {
  write(key, null)
}

function write(key: string, value: string | null): void {
  if (value === null) memory.delete(key)
  else memory.set(key, value)
  try {
    if (value === null) localStorage.removeItem(name(key))
    else localStorage.setItem(name(key), value)
  } catch {
    outside(value)
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(name(key)) ?? memory.get(key) ?? null
  } catch {
    return memory.get(key) ?? null
  }
}

function name(key: string): string {
  return `relevo.webchat.${key}`
}
