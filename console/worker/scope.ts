// What a service worker has and a page has not, as far as ours uses it. TypeScript knows one or the other, not both.

export type Lasting = Event & { waitUntil: (work: Promise<unknown>) => void }
export type Fetching = Lasting & { request: Request; respondWith: (answer: Promise<Response>) => void }
export type Pushing = Lasting & { data: { json: () => unknown } | null }
export type Clicking = Lasting & { notification: Notification & { data: unknown } }
export type Resubscribing = Lasting & { oldSubscription?: PushSubscription | null }

export type Window = {
  url: string
  visibilityState: DocumentVisibilityState
  focus: () => Promise<Window>
  postMessage: (message: unknown) => void
}

type Events = {
  install: Lasting
  activate: Lasting
  fetch: Fetching
  push: Pushing
  notificationclick: Clicking
  pushsubscriptionchange: Resubscribing
  message: MessageEvent
}

export type Scope = {
  registration: ServiceWorkerRegistration
  location: Location
  clients: {
    matchAll: (options: { type: 'window'; includeUncontrolled: boolean }) => Promise<Window[]>
    openWindow: (url: string) => Promise<Window | null>
    claim: () => Promise<void>
  }
  skipWaiting: () => Promise<void>
  addEventListener: <K extends keyof Events>(name: K, run: (event: Events[K]) => void) => void
}
