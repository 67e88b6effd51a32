// Web Push of this browser: asked for, said to the server, taken back. The server's key is part of the subscription; a
// subscription under another key is worth nothing and is made anew.

import { registration } from './worker'

export type PushKeys = { endpoint: string; keys: { p256dh: string; auth: string } }
export type Permission = 'granted' | 'denied' | 'default' | 'impossible'

const KEPT = 'relevo.push'

export function permission(): Permission {
  if (!('Notification' in window) || !('PushManager' in window) || !('serviceWorker' in navigator)) return 'impossible'
  return Notification.permission
}

export function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const plain = atob(key.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, char => char.charCodeAt(0))
}

export function isSameKey(one: ArrayBuffer | null | undefined, key: string): boolean {
  if (!one) return false
  const [mine, theirs] = [new Uint8Array(one), bytesOf(key)]
  return mine.length === theirs.length && mine.every((byte, at) => byte === theirs[at])
}

export function pick(subscription: PushSubscription): PushKeys {
  const { endpoint, keys } = subscription.toJSON()
  return { endpoint: endpoint ?? '', keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } }
}

/** Asks whoever sits here, where that was not done yet; null where they or the browser say no. */
export async function subscribe(key: string): Promise<PushKeys | null> {
  if ((await Notification.requestPermission()) !== 'granted') return null
  const known = await registration()
  if (!known) return null
  return pick(await fresh(known, key))
}

/** What this browser is subscribed with already, if it is. */
export async function current(key: string): Promise<PushKeys | null> {
  if (permission() !== 'granted') return null
  const known = await registration()
  const mine = await known?.pushManager.getSubscription()
  return known && mine ? pick(await fresh(known, key)) : null
}

async function fresh(known: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const mine = await known.pushManager.getSubscription()
  if (mine && isSameKey(mine.options.applicationServerKey, key)) return mine
  await mine?.unsubscribe()
  return known.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) })
}

export async function unsubscribe(): Promise<void> {
  const known = await registration()
  await (await known?.pushManager.getSubscription())?.unsubscribe()
}

/** Which of the server's devices this browser is, and whose it was made; shared browsers have more than one person. */
export function keptDevice(staff: string): string | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as { staff?: unknown; id?: unknown } | null
    return kept?.staff === staff && typeof kept.id === 'string' ? kept.id : null
  } catch {
    return null
  }
}

export function keepDevice(staff: string, id: string | null): void {
  try {
    if (id) localStorage.setItem(KEPT, JSON.stringify({ staff, id }))
    else localStorage.removeItem(KEPT)
  } catch {
    return
  }
}
