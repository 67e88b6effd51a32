// The console's service worker: its shell without a connection, and news while it is closed. It keeps files of the
// build only, never what the server says of anybody; a page comes from the network whenever there is one, so that
// nobody stays on an old version.

import { isShownInside, optionsFor, readNotice, safeLink } from './notice'
import type { Scope, Window } from './scope'
import { ASSETS, MOST_ASSETS, SHELL, staleCaches, wayOf } from './shell'

declare const __BUILD__: string
declare const __SHELL__: readonly string[]

const scope = self as unknown as Scope
const PAGE = '/'

scope.addEventListener('install', event => {
  event.waitUntil(keepShell())
})

scope.addEventListener('activate', event => {
  event.waitUntil(
    (async () => {
      for (const name of staleCaches(await caches.keys(), __BUILD__)) await caches.delete(name)
      await scope.clients.claim()
    })(),
  )
})

scope.addEventListener('fetch', event => {
  const way = wayOf(event.request, scope.location.origin)
  if (way === 'page') event.respondWith(page(event.request))
  if (way === 'asset') event.respondWith(asset(event.request))
  if (way === 'file') event.respondWith(file(event.request))
})

scope.addEventListener('message', event => {
  if ((event.data as { type?: string } | null)?.type === 'take over') void scope.skipWaiting()
})

scope.addEventListener('push', event => {
  event.waitUntil(show(event.data))
})

scope.addEventListener('notificationclick', event => {
  event.notification.close()
  const data = event.notification.data as { link?: string } | null
  event.waitUntil(open(safeLink(data?.link ?? '/')))
})

scope.addEventListener('pushsubscriptionchange', event => {
  event.waitUntil(subscribeAgain(event.oldSubscription ?? null))
})

async function keepShell(): Promise<void> {
  const cache = await caches.open(SHELL + __BUILD__)
  await cache.add(new Request(PAGE, { cache: 'reload' }))
  await cache.addAll([...__SHELL__])
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await (await caches.open(SHELL + __BUILD__)).match(PAGE)
    if (kept) return kept
    throw error
  }
}

async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.status === 200) {
    const cache = await caches.open(ASSETS)
    await cache.put(request, answer.clone())
    const names = await cache.keys()
    for (const old of names.slice(0, Math.max(0, names.length - MOST_ASSETS))) await cache.delete(old)
  }
  return answer
}

async function file(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await caches.match(request)
    if (kept) return kept
    throw error
  }
}

async function windows(): Promise<Window[]> {
  return scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
}

async function show(data: { json: () => unknown } | null): Promise<void> {
  const notice = readNotice(parsed(data))
  if (!notice) return
  const open = await windows()
  for (const each of open) each.postMessage({ type: 'pushed', kind: notice.kind, tag: notice.tag })
  if (
    isShownInside(
      notice,
      open.some(each => each.visibilityState === 'visible'),
    )
  )
    return
  await scope.registration.showNotification(notice.title, optionsFor(notice))
}

function parsed(data: { json: () => unknown } | null): unknown {
  try {
    return data?.json()
  } catch {
    return null
  }
}

/** In the console that is open, or in a new one. The pages of guests are not the console. */
async function open(link: string): Promise<void> {
  const consoles = (await windows()).filter(each => !/^\/(demo|widget)(\/|$)/.test(new URL(each.url).pathname))
  const first = consoles.find(each => each.visibilityState === 'visible') ?? consoles[0]
  if (!first) {
    await scope.clients.openWindow(link)
    return
  }
  first.postMessage({ type: 'open', link })
  await first.focus()
}

async function subscribeAgain(old: PushSubscription | null): Promise<void> {
  if (!old) return
  const fresh = await scope.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: old.options.applicationServerKey,
  })
  await fetch('/api/me/push', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', 'x-requested-with': 'relevo' },
    body: JSON.stringify(pick(fresh)),
  })
}

function pick(subscription: PushSubscription): unknown {
  const { endpoint, keys } = subscription.toJSON()
  return { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth } }
}
