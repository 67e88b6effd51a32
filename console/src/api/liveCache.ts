// Writes what the live feed brings into the query cache. The only place where topics meet cache keys.

import type { QueryClient } from '@tanstack/react-query'
import { writeBooking } from './bookingCache'
import { keys, topics } from './keys'
import type { LiveFeed } from './live'
import { LiveHouse } from './liveHouse'
import {
  type Ephemeral,
  mergeActiveCall,
  mergeCallback,
  mergeConversation,
  mergeDetail,
  mergeEphemeral,
  NOTHING_EPHEMERAL,
  settleEphemeral,
  upsert,
  upsertAll,
} from './merge'
import { mergeShift, presenceKeys, type Shift } from './presenceState'
import type { Booking, Call, Callback, Conversation, ConversationDetail, Desk, DeskPerson, Message } from './schema'
import { Showing } from './showing'
import { Viewers } from './viewers'

const TYPING_SHOWN = 6_000
const GRID_PAUSE = 300

export class LiveCache extends LiveHouse {
  private gridDue: ReturnType<typeof setTimeout> | null = null

  readonly viewers = new Viewers()
  readonly showing: Showing

  constructor(feed: LiveFeed, cache: QueryClient) {
    super(feed, cache)
    this.showing = new Showing(feed)
    feed.watch(() => {
      if (feed.state.status !== 'online') this.viewers.forget()
    })
  }

  inbox(): () => void {
    return this.feed.subscribe(topics.inbox, {
      snapshot: data => {
        const open = (data as { items: Conversation[] }).items.filter(item => item.control !== 'closed')
        this.cache.setQueryData(keys.open, open)
        this.viewers.forget('conversation:')
      },
      ephemeral: (kind, data) => this.viewers.hear(kind, data),
      event: (kind, data) => {
        if (kind !== 'conversation') return
        const fresh = data as Conversation
        this.cache.setQueryData<Conversation[]>(keys.open, open => mergeConversation(open ?? [], fresh))
        this.queuedMoved(fresh.id)
        if (fresh.control === 'closed') void this.cache.invalidateQueries({ queryKey: keys.closed })
      },
    })
  }

  calls(): () => void {
    return this.feed.subscribe(topics.calls, {
      snapshot: data => {
        const active = (data as { items: Call[] }).items.filter(item => item.status !== 'ended')
        this.cache.setQueryData(keys.calls, active)
        void this.cache.invalidateQueries({ queryKey: keys.endedCalls })
        void this.cache.invalidateQueries({ queryKey: keys.callbacks })
      },
      event: (kind, data) => {
        if (kind === 'callback') {
          this.cache.setQueryData<Callback[]>(keys.callbacks, open => mergeCallback(open ?? [], data as Callback))
          // An answer that is still under way may be older than this: it is asked for again.
          void this.cache.invalidateQueries({ queryKey: keys.callbacks })
        }
        if (kind !== 'call') return
        const fresh = data as Call
        this.cache.setQueryData<Call[]>(keys.calls, active => mergeActiveCall(active ?? [], fresh))
        if (fresh.status === 'ended') void this.cache.invalidateQueries({ queryKey: keys.endedCalls })
      },
    })
  }

  desk(): () => void {
    return this.feed.subscribe(topics.desk, {
      snapshot: data => this.cache.setQueryData(keys.desk, data as Desk),
      event: (kind, data) => {
        if (kind !== 'person') return
        this.cache.setQueryData<Desk>(keys.desk, desk =>
          desk ? { ...desk, people: upsert(desk.people, data as DeskPerson) } : desk,
        )
      },
    })
  }

  /** What oneself does. */
  shift(id: string): () => void {
    return this.feed.subscribe(`shift:${id}`, {
      snapshot: data => this.cache.setQueryData(presenceKeys.mine, data as Shift),
      event: (kind, data) => {
        if (kind !== 'shift') return
        this.cache.setQueryData<Shift>(presenceKeys.mine, known => mergeShift(known, data as Partial<Shift>))
        void this.cache.invalidateQueries({ queryKey: presenceKeys.days })
        void this.cache.invalidateQueries({ queryKey: presenceKeys.pending })
      },
    })
  }

  /** What everybody does; why is asked for by those who may know. */
  states(): () => void {
    const ask = () => {
      void this.cache.invalidateQueries({ queryKey: presenceKeys.team })
      void this.cache.invalidateQueries({ queryKey: presenceKeys.board })
      this.renewBoard()
    }
    return this.feed.subscribe('presence', { snapshot: ask, event: ask })
  }

  bookings(): () => void {
    return this.feed.subscribe(topics.bookings, {
      snapshot: data => {
        const fresh = (data as { items: Booking[] }).items
        this.cache.setQueryData<Booking[]>(keys.bookings, known => upsertAll(known ?? [], fresh))
        void this.cache.invalidateQueries({ queryKey: keys.allDeposits })
        this.viewers.forget('booking:')
        this.viewers.forget('deposit:')
      },
      ephemeral: (kind, data) => this.viewers.hear(kind, data),
      event: (kind, data) => {
        if (kind === 'gone') {
          const gone = (data as { id: string }).id
          this.cache.setQueryData<Booking[]>(keys.bookings, known => known?.filter(each => each.id !== gone))
        }
        if (kind === 'booking') writeBooking(this.cache, data as Booking)
        const code = (data as { code?: string | null }).code
        if (kind === 'reminder' && code) void this.cache.invalidateQueries({ queryKey: keys.reminders(code) })
        if (kind === 'reminder') void this.cache.invalidateQueries({ queryKey: keys.allDueReminders })
        if (kind === 'booking' || kind === 'deposit') void this.cache.invalidateQueries({ queryKey: keys.allDeposits })
        if (kind === 'booking' || kind === 'deposit') this.renewGrid()
      },
    })
  }

  /** Many bookings at once are one look at the grid. */
  private renewGrid(): void {
    this.gridDue ??= setTimeout(() => {
      this.gridDue = null
      void this.cache.invalidateQueries({ queryKey: keys.grids })
    }, GRID_PAUSE)
  }

  conversation(id: string): () => void {
    let typed: ReturnType<typeof setTimeout> | undefined
    return this.feed.subscribe(topics.conversation(id), {
      snapshot: data => {
        this.cache.setQueryData(keys.conversation(id), data as ConversationDetail)
        this.cache.setQueryData(keys.ephemeral(id), NOTHING_EPHEMERAL)
        this.viewers.forget(topics.conversation(id))
      },
      event: (kind, data) => {
        this.cache.setQueryData<ConversationDetail>(keys.conversation(id), detail =>
          detail ? mergeDetail(detail, kind, data) : detail,
        )
        if (kind === 'conversation') {
          // Who speaks may change hands with control, and nobody says that the other has stopped.
          this.cache.setQueryData<Ephemeral>(keys.ephemeral(id), known => (known ? { ...known, speaking: {} } : known))
        }
        if (kind === 'message') {
          this.cache.setQueryData<Ephemeral>(keys.ephemeral(id), (known = NOTHING_EPHEMERAL) =>
            settleEphemeral(known, data as Message),
          )
        }
      },
      ephemeral: (kind, data) => {
        this.viewers.hear(kind, data)
        this.cache.setQueryData<Ephemeral>(keys.ephemeral(id), (known = NOTHING_EPHEMERAL) =>
          mergeEphemeral(known, kind, data),
        )
        if (kind !== 'typing') return
        // Nobody says that they have stopped.
        clearTimeout(typed)
        typed = setTimeout(() => {
          this.cache.setQueryData<Ephemeral>(keys.ephemeral(id), known => known && { ...known, customerTyping: false })
        }, TYPING_SHOWN)
      },
    })
  }

  /** Bookings are only ever added or changed: what the feed has brought goes over what HTTP answered. */
  withKnownBookings(answer: Booking[]): Booking[] {
    return upsertAll(answer, this.cache.getQueryData<Booking[]>(keys.bookings) ?? [])
  }

  /** For query functions: an answer over HTTP that comes after the feed is older than what the feed has brought. */
  prefer<T>(topic: string, key: readonly unknown[], answer: T): T {
    const known = this.cache.getQueryData<T>(key)
    return known !== undefined && this.feed.isLive(topic) ? known : answer
  }
}
