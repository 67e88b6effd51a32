// News for whoever works here: a sound for messages and alerts, and the browser's notification while the page is out of
// sight. Calls, offers and cries for help have sounds of their own where they are shown.

import { useEffect, useMemo, useRef } from 'react'
import { ringFor } from '../../api/callState'
import { useActiveCalls } from '../../api/calls'
import { useOpenConversations } from '../../api/conversations'
import { useAlerts } from '../../api/house'
import { gravity } from '../../api/mergeHouse'
import { useOffers } from '../../api/queues'
import { useMay, useMe } from '../../api/session'
import { chime } from '../../audio/chime'
import { fresh, type News, notify, wantsNotices } from '../../device/notices'
import { keptDevice } from '../../device/push'
import { texts } from '../../texts'

const t = texts.notices
type Source = readonly News['kind'][]
const SOURCES: readonly Source[] = [['offer'], ['message'], ['call', 'help'], ['alert']]

export function useDeskNews(): void {
  const me = useMe()
  const listens = useMay('listen')
  const offers = useOffers()
  const conversations = useOpenConversations().data
  const calls = useActiveCalls().data
  const alerts = useAlerts().data
  const news = useMemo<News[]>(() => {
    const found: News[] = []
    for (const entry of offers) {
      const link = entry.channel === 'call' ? '/llamadas' : `/c/${entry.conversation_id}`
      found.push({ key: `offer ${entry.id} ${entry.offered_until}`, kind: 'offer', tag: `offer:${entry.id}`, link })
    }
    for (const call of calls ?? []) {
      const help = listens && call.voice?.help?.by.id !== me.id ? call.voice?.help : null
      if (ringFor(call, me.id)) {
        found.push({ key: `call ${call.id}`, kind: 'call', tag: `call:${call.id}`, link: '/llamadas' })
      }
      if (help) found.push({ key: `help ${call.id} ${help.at}`, kind: 'help', tag: `help:${call.id}`, link: '/sala' })
    }
    for (const item of conversations ?? []) {
      if (item.agent?.id !== me.id || item.last_message?.author !== 'customer') continue
      const key = `message ${item.id} ${item.last_message.at}`
      found.push({ key, kind: 'message', tag: `conversation:${item.id}`, link: `/c/${item.id}` })
    }
    for (const alert of alerts ?? []) {
      if (alert.state !== 'open' || gravity(alert) < 2) continue
      found.push({ key: `alert ${alert.id}`, kind: 'alert', tag: `alert:${alert.id}`, link: alert.link ?? '/hoy' })
    }
    return found
  }, [offers, conversations, calls, alerts, listens, me.id])
  const known = useRef(new Map<Source, Set<string>>())
  const there = [offers, conversations, calls, alerts].map(each => each !== undefined).join()
  useEffect(() => {
    const loaded = there.split(',')
    for (const [at, source] of SOURCES.entries()) {
      // Who may not see something never gets it; the rest is told of as soon as it is there.
      if (loaded[at] !== 'true') continue
      const now = news.filter(each => source.includes(each.kind))
      for (const each of fresh(known.current.get(source) ?? null, now)) tell(each, me.id)
      known.current.set(source, new Set(now.map(each => each.key)))
    }
  }, [news, there, me.id])
}

function tell(news: News, me: string): void {
  const here = location.pathname === news.link && document.visibilityState === 'visible'
  if ((news.kind === 'message' && !here) || news.kind === 'alert') chime(news.kind, '')
  if (document.visibilityState === 'visible' || !wantsNotices()) return
  // The server tells this browser of the others by itself, whether a console is open or not.
  if (keptDevice(me) && news.kind !== 'message') return
  void notify(news, t[news.kind].title, t[news.kind].body).catch(() => null)
}
