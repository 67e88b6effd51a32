// Remembers the visitor's session over a reload, by site. Where the browser forbids storage it lasts as long as the page.

import type { Session } from './wire'

type Kept = Session & { seen: number; who?: string }

const memory = new Map<string, string>()

export function recall(key: string): Kept | null {
  try {
    const found = JSON.parse(read(name(key)) ?? 'null') as Partial<Kept> | null
    if (!found?.id || !found.token) return null
    return { id: found.id, token: found.token, seen: found.seen ?? 0, ...(found.who ? { who: found.who } : {}) }
  } catch {
    return null
  }
}

export function remember(key: string, kept: Kept): void {
  const value = JSON.stringify(kept)
  memory.set(name(key), value)
  try {
    localStorage.setItem(name(key), value)
  } catch {
    return
  }
}

export function forget(key: string): void {
  memory.delete(name(key))
  try {
    localStorage.removeItem(name(key))
  } catch {
    return
  }
}

function read(at: string): string | null {
  try {
    return localStorage.getItem(at) ?? memory.get(at) ?? null
  } catch {
    return memory.get(at) ?? null
  }
}

function name(key: string): string {
  return `relevo.webchat.${key}`
}
