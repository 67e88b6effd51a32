// The console's service worker as the page sees it: registered once somebody works here, changed only when they say so,
// and taken away without a trace.

import { store } from './store'

export type Update = 'none' | 'ready' | 'changing'

const ADDRESS = '/sw.js'
const LOOK_EVERY = 30 * 60_000

export const update = store<Update>('none')
let waiting: ServiceWorker | null = null
let started = false

export function canHaveWorker(): boolean {
  return 'serviceWorker' in navigator && window.isSecureContext && import.meta.env.PROD
}

/** `open`: where a notification that was clicked leads. */
export function startWorker(open: (link: string) => void): void {
  if (started || !canHaveWorker()) return
  started = true
  navigator.serviceWorker.addEventListener('message', event => {
    const data = event.data as { type?: string; link?: unknown } | null
    if (data?.type === 'open' && typeof data.link === 'string') open(data.link)
  })
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (update.get() === 'changing') location.reload()
  })
  navigator.serviceWorker
    .register(ADDRESS)
    .then(watch)
    .catch(() => null)
}

function watch(registration: ServiceWorkerRegistration): void {
  const found = (worker: ServiceWorker | null) => {
    // The first one of all replaces nothing.
    if (!worker || !navigator.serviceWorker.controller) return
    waiting = worker
    update.set('ready')
  }
  found(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => worker.state === 'installed' && found(worker))
  })
  const look = () => void registration.update().catch(() => null)
  setInterval(look, LOOK_EVERY)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look())
}

export function takeUpdate(): void {
  update.set('changing')
  if (waiting) waiting.postMessage({ type: 'take over' })
  else location.reload()
}

export async function registration(): Promise<ServiceWorkerRegistration | null> {
  if (!canHaveWorker()) return null
  return (await navigator.serviceWorker.getRegistration(ADDRESS)) ?? null
}

/** Everything of ours that this browser keeps for working without the network. */
export async function removeWorker(): Promise<void> {
  const known = await registration()
  await (await known?.pushManager.getSubscription())?.unsubscribe()
  await known?.unregister()
  for (const name of await caches.keys()) if (name.startsWith('relevo-')) await caches.delete(name)
}
