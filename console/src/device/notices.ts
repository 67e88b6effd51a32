// What happened since the last look and is worth saying; and saying it by the browser while nobody looks at the page.

import { permission } from './push'
import { registration } from './worker'

export type News = { key: string; kind: 'offer' | 'call' | 'help' | 'message' | 'alert'; tag: string; link: string }

const KEPT = 'relevo.notices'

/** Of `now` what was not there before. Nothing on the first look: what was there when the page opened is no news. */
export function fresh(before: ReadonlySet<string> | null, now: readonly News[]): News[] {
  return before ? now.filter(each => !before.has(each.key)) : []
}

export function wantsNotices(): boolean {
  try {
    return localStorage.getItem(KEPT) === 'on' && permission() === 'granted'
  } catch {
    return false
  }
}

export function keepNotices(on: boolean): void {
  try {
    localStorage.setItem(KEPT, on ? 'on' : 'off')
  } catch {
    return
  }
}

/** Under the name that a push about the same has, so that there is one of them. */
export async function notify(news: News, title: string, body: string): Promise<void> {
  const options = { body, tag: news.tag, icon: '/icons/192.png', badge: '/icons/badge.png', data: { link: news.link } }
  const known = await registration()
  if (known) await known.showNotification(title, options)
  else new Notification(title, options)
}
