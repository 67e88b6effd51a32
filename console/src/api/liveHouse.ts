// The part of the live cache that is about the house as a whole: alerts, requests, the mode, queues and figures.

import type { QueryClient } from '@tanstack/react-query'
import { language } from '../texts/language'
import { keys, topics } from './keys'
import type { LiveFeed } from './live'
import { mergeAlert, openAlerts } from './mergeHouse'
import { mergeEntry } from './mergeQueues'
import { mergeRequest, openRequests } from './mergeRequests'
import type { Alert, Mode } from './schema'
import type { QueueEntry } from './schema.queues'
import type { GuestRequest } from './schema.requests'

const BOARD_PAUSE = 400

export class LiveHouse {
  private boardDue: ReturnType<typeof setTimeout> | null = null
  private entriesToo = false

  constructor(
    readonly feed: LiveFeed,
    protected readonly cache: QueryClient,
  ) {}

  /** What is told to many at once is in the house's language: who reads another one asks for it. */
  private readAgain(key: readonly string[]): void {
    if (language === 'en') void this.cache.invalidateQueries({ queryKey: key, exact: true })
  }

  alerts(): () => void {
    return this.feed.subscribe(topics.alerts, {
      snapshot: data =>
        this.cache.setQueryData<Alert[]>(keys.alerts, () => openAlerts((data as { items: Alert[] }).items)),
      event: (kind, data) => {
        if (kind !== 'alert') return
        this.cache.setQueryData<Alert[]>(keys.alerts, known => mergeAlert(known ?? [], data as Alert))
        this.readAgain(keys.alerts)
        void this.cache.invalidateQueries({ queryKey: keys.summary })
      },
    })
  }

  requests(): () => void {
    return this.feed.subscribe(topics.requests, {
      snapshot: data => this.cache.setQueryData(keys.requests, openRequests((data as { items: GuestRequest[] }).items)),
      event: (kind, data) => {
        if (kind !== 'request') return
        this.cache.setQueryData<GuestRequest[]>(keys.requests, known => mergeRequest(known ?? [], data as GuestRequest))
        this.readAgain(keys.requests)
        void this.cache.invalidateQueries({ queryKey: keys.requestsOfBookings })
      },
    })
  }

  mode(): () => void {
    return this.feed.subscribe(topics.mode, {
      snapshot: data => this.cache.setQueryData(keys.mode, data as Mode),
      event: (kind, data) => {
        if (kind !== 'mode') return
        this.cache.setQueryData(keys.mode, data as Mode)
        this.readAgain(keys.mode)
      },
    })
  }

  queues(): () => void {
    return this.feed.subscribe(topics.queues, {
      snapshot: data => this.cache.setQueryData(keys.entries, (data as { items: QueueEntry[] }).items),
      event: (kind, data) => {
        if (kind !== 'entry') return
        this.cache.setQueryData<QueueEntry[]>(keys.entries, known => mergeEntry(known ?? [], data as QueueEntry))
        this.readAgain(keys.entries)
        this.renewBoard()
      },
    })
  }

  /** Figures of reports: they are asked for again when something has moved, and after a lost connection. */
  reports(): () => void {
    const renew = () => void this.cache.invalidateQueries({ queryKey: keys.reports })
    return this.feed.subscribe(topics.reports, { snapshot: renew, event: renew, ephemeral: renew })
  }

  /** What is due next in a queue depends on what customers write, of which queues are not told. */
  protected queuedMoved(conversationId: string): void {
    const known = this.cache.getQueryData<QueueEntry[]>(keys.entries)
    if (known?.some(entry => entry.conversation_id === conversationId)) this.renewBoard(true)
  }

  /** Many changes at once are one question. */
  protected renewBoard(entries = false): void {
    this.entriesToo ||= entries
    this.boardDue ??= setTimeout(() => {
      if (this.entriesToo) void this.cache.invalidateQueries({ queryKey: keys.entries })
      void this.cache.invalidateQueries({ queryKey: keys.board })
      this.boardDue = null
      this.entriesToo = false
    }, BOARD_PAUSE)
  }
}
