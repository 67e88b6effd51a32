// What a push says, and the notification that is made of it. Whoever sent it, it can only lead into the console.

export type Kind = 'alert' | 'offer' | 'call' | 'help' | 'message' | 'test'
export type Notice = { kind: Kind; title: string; body: string; link: string; tag: string; until: string }

const KINDS: readonly string[] = ['alert', 'offer', 'call', 'help', 'message', 'test']
/** A console on the screen shows these itself, and rings. */
const SHOWN_INSIDE: readonly string[] = ['offer', 'call', 'help']

export function readNotice(data: unknown): Notice | null {
  if (typeof data !== 'object' || data === null) return null
  const given = data as Record<string, unknown>
  const text = (key: string) => (typeof given[key] === 'string' ? given[key] : '')
  const kind = text('kind')
  if (!KINDS.includes(kind) || !text('title')) return null
  return {
    kind: kind as Kind,
    title: text('title').slice(0, 120),
    body: text('body').slice(0, 400),
    link: safeLink(text('link')),
    tag: text('tag').slice(0, 120) || kind,
    until: text('until'),
  }
}

export function safeLink(link: string): string {
  return /^\/(?![/\\])[\w\-./?=&%~]*$/.test(link) ? link : '/'
}

export function isShownInside(notice: Notice, visible: boolean): boolean {
  return visible && SHOWN_INSIDE.includes(notice.kind)
}

/** A ring stays until it is seen to; a second message of the same conversation says so without another noise. */
export function optionsFor(notice: Notice): NotificationOptions & { renotify?: boolean; vibrate?: number[] } {
  const rings = notice.kind === 'call' || notice.kind === 'offer'
  return {
    body: notice.body,
    tag: notice.tag,
    icon: '/icons/192.png',
    badge: '/icons/badge.png',
    data: { link: notice.link },
    requireInteraction: rings,
    renotify: rings || notice.kind === 'test',
    ...(rings ? { vibrate: [180, 90, 180, 90, 180] } : {}),
  }
}
