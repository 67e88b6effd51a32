// One WebSocket for the whole console: a snapshot and then the events since the last one seen, per topic. It knows the
// order of things and when to ask again; it does not know what the data means (see liveCache.ts).

import { backoff } from './backoff'
import { decode, type Frame } from './frame'

export type TopicHandler = {
  snapshot: (data: unknown) => void
  event: (kind: string, data: unknown) => void
  ephemeral?: (kind: string, data: unknown) => void
  denied?: () => void
}

/** The part of WebSocket that is used, so that a test can stand in for the network. */
export type Socket = {
  send(text: string): void
  close(code?: number): void
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
}

export type LiveStatus = 'idle' | 'connecting' | 'online' | 'waiting' | 'refused'

export type LiveState = {
  status: LiveStatus
  /** When the last frame came, in ms since the epoch. */
  lastDataAt: number | null
  /** When the next try is due while waiting. */
  retryAt: number | null
}

type Topic = {
  handler: TopicHandler
  users: number
  seq: number | null
  /** Set while a replay asked for because of a hole is under way. */
  resuming: boolean
}

const PING_EVERY = 25_000
const PONG_WITHIN = 8_000
const OPEN_WITHIN = 10_000
const STALE_AFTER_SLEEP = 20_000
const SIGNED_OUT = 4401
const WRONG_ORIGIN = 4403
/** What one may see has changed: nothing that is shown is to be gone on with. */
const BEGIN_AGAIN = 4409
/** Kind of the event for what one saw and may not see any more. */
const GONE = 'gone'

export class LiveFeed {
  onSignedOut: (() => void) | null = null
  onBeginAgain: (() => void) | null = null
  private readonly topics = new Map<string, Topic>()
  private readonly watchers = new Set<() => void>()
  private socket: Socket | null = null
  private tries = 0
  private retryTimer: ReturnType<typeof setTimeout> | null = null
  private pingTimer: ReturnType<typeof setInterval> | null = null
  private pongTimer: ReturnType<typeof setTimeout> | null = null
  private current: LiveState = { status: 'idle', lastDataAt: null, retryAt: null }

  constructor(
    private readonly open: () => Socket,
    private readonly now: () => number = Date.now,
    private readonly random: () => number = Math.random,
  ) {}

  get state(): LiveState {
    return this.current
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  start(): void {
    if (this.socket === null && this.retryTimer === null) this.connect()
  }

  stop(): void {
    this.forgetTimers()
    const socket = this.socket
    this.socket = null
    socket?.close(1000)
    this.set({ status: 'idle', retryAt: null })
  }

  /** The page woke up or the network came back: do not wait for the timer, and do not trust an old socket. */
  wake(): void {
    if (this.current.status === 'waiting') this.connect()
    else if (this.current.status === 'online' && this.now() - (this.current.lastDataAt ?? 0) > STALE_AFTER_SLEEP)
      this.ping()
  }

  /** Whether the feed keeps this topic up to date, so that its data beats an answer over HTTP. */
  isLive(name: string): boolean {
    return this.current.status === 'online' && (this.topics.get(name)?.seq ?? null) !== null
  }

  /** What is no topic and is not waited for: nothing, while there is no connection. */
  say(frame: unknown): void {
    if (this.current.status === 'online') this.put(frame)
  }

  subscribe(name: string, handler: TopicHandler): () => void {
    const known = this.topics.get(name)
    if (known) known.users += 1
    else {
      this.topics.set(name, { handler, users: 1, seq: null, resuming: false })
      if (this.current.status === 'online') this.ask(name)
    }
    let left = false
    return () => {
      if (left) return
      left = true
      this.leave(name)
    }
  }

  private leave(name: string): void {
    const topic = this.topics.get(name)
    if (!topic) return
    topic.users -= 1
    if (topic.users > 0) return
    this.topics.delete(name)
    if (this.current.status === 'online') this.put({ type: 'unsubscribe', topic: name })
  }

  private connect(): void {
    this.forgetTimers()
    this.set({ status: 'connecting', retryAt: null })
    const socket = this.open()
    this.socket = socket
    this.expectWithin(OPEN_WITHIN)
    socket.onopen = () => {
      if (this.socket !== socket) return
      this.heard()
      this.set({ status: 'online' })
      for (const name of this.topics.keys()) this.ask(name)
      this.pingTimer = setInterval(() => this.ping(), PING_EVERY)
    }
    socket.onmessage = event => {
      if (this.socket === socket) this.receive(event.data)
    }
    socket.onclose = event => {
      if (this.socket === socket) this.closed(event.code)
    }
  }

  private closed(code: number): void {
    this.forgetTimers()
    this.socket = null
    for (const topic of this.topics.values()) topic.resuming = false
    if (code === SIGNED_OUT || code === WRONG_ORIGIN) {
      this.set({ status: 'refused', retryAt: null })
      if (code === SIGNED_OUT) this.onSignedOut?.()
      return
    }
    if (code === BEGIN_AGAIN) {
      for (const topic of this.topics.values()) topic.seq = null
      this.onBeginAgain?.()
      this.connect()
      return
    }
    const delay = backoff(this.tries, this.random)
    this.tries += 1
    this.set({ status: 'waiting', retryAt: this.now() + delay })
    this.retryTimer = setTimeout(() => this.connect(), delay)
  }

  private ping(): void {
    this.put({ type: 'ping' })
    this.expectWithin(PONG_WITHIN)
  }

  /** Something in between may take a connection and never answer it. */
  private expectWithin(patience: number): void {
    const giveUp = () => {
      const socket = this.socket
      this.closed(1006)
      socket?.close()
    }
    this.pongTimer ??= setTimeout(giveUp, patience)
  }

  private heard(): void {
    if (this.pongTimer !== null) clearTimeout(this.pongTimer)
    this.pongTimer = null
  }

  private receive(raw: unknown): void {
    const frame = decode(raw)
    if (!frame) return
    this.tries = 0
    this.heard()
    this.set({ lastDataAt: this.now() })
    const topic = frame.topic === undefined ? undefined : this.topics.get(frame.topic)
    if (!topic || frame.topic === undefined) return
    if (frame.type === 'snapshot') {
      topic.seq = frame.seq ?? 0
      topic.resuming = false
      topic.handler.snapshot(frame.data)
    } else if (frame.type === 'event') this.event(frame.topic, topic, frame)
    else if (frame.type === 'ephemeral') topic.handler.ephemeral?.(frame.kind ?? '', frame.data)
    else if (frame.type === 'denied') topic.handler.denied?.()
  }

  private event(name: string, topic: Topic, frame: Frame): void {
    const seq = frame.seq ?? 0
    if (topic.seq === null || seq <= topic.seq) return
    if ((frame.after ?? seq - 1) > topic.seq) {
      // A replay that itself has a hole cannot be mended by asking for the same again: take the whole picture.
      if (topic.resuming) topic.seq = null
      topic.resuming = true
      this.ask(name)
      return
    }
    topic.seq = seq
    topic.resuming = false
    topic.handler.event(frame.kind ?? '', frame.data)
    if (frame.kind === GONE) {
      topic.seq = null
      this.ask(name)
    }
  }

  private ask(name: string): void {
    const seq = this.topics.get(name)?.seq ?? null
    this.put(seq === null ? { type: 'subscribe', topic: name } : { type: 'subscribe', topic: name, since: seq })
  }

  private readonly put = (frame: unknown) => this.socket?.send(JSON.stringify(frame))

  private set(change: Partial<LiveState>): void {
    this.current = { ...this.current, ...change }
    for (const watcher of this.watchers) watcher()
  }

  private forgetTimers(): void {
    if (this.retryTimer !== null) clearTimeout(this.retryTimer)
    if (this.pingTimer !== null) clearInterval(this.pingTimer)
    this.heard()
    this.retryTimer = null
    this.pingTimer = null
  }
}
