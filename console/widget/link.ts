// The connection: a socket that comes back by itself, and where none comes about, requests that wait. Who uses it gives
// orders and gets frames, and need not know which of the two it is.

import { events, put, Refused } from './api'
import type { Frame, Order, Session } from './wire'

type Listener = {
  onFrame: (frame: Frame) => void
  onState: (state: 'online' | 'offline') => void
  onLost: () => void
  /** The last number that has been seen: what comes after it is asked for. */
  after: () => number
}

const BEAT = 25_000
const LONGEST = 30_000
const TRIES = 2
const SOCKET_AGAIN = 120_000
const LOST = 4401
const OPENING = 8_000

export class Link {
  private socket: WebSocket | null = null
  private polling: AbortController | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private beat: ReturnType<typeof setInterval> | undefined
  private failed = 0
  private missed = 0
  private online = false
  private closed = false
  private pollUntil = 0

  constructor(
    private readonly session: Session,
    private readonly listener: Listener,
  ) {
    window.addEventListener('online', this.again)
    document.addEventListener('visibilitychange', this.again)
  }

  open(): void {
    if (this.closed || this.socket || this.polling) return
    if (this.failed >= TRIES && Date.now() < this.pollUntil) void this.poll()
    else this.dial()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    window.removeEventListener('online', this.again)
    document.removeEventListener('visibilitychange', this.again)
    this.polling?.abort()
    this.drop()
  }

  /** False: it did not go out now. What must not be lost is said again by who is told `online`. */
  put(order: Order): boolean {
    if (this.online && this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ v: 1, ...order }))
      return true
    }
    if (!this.polling || !this.online) return false
    put(this.session, order)
      .then(({ frames }) => frames.forEach(this.listener.onFrame))
      .catch(error => this.refused(order, error))
    return true
  }

  private refused(order: Order, error: unknown): void {
    if (!(error instanceof Refused)) return
    if (error.status === 401) this.listener.onLost()
    else if (error.status === 0) this.say(false)
    else {
      const client_id = order.t === 'msg' ? order.d.client_id : undefined
      this.listener.onFrame({
        t: 'error',
        d: { code: error.code, message: error.message, ...(client_id ? { client_id } : {}) },
      })
    }
  }

  private readonly again = () => {
    if (this.closed || document.visibilityState === 'hidden') return
    if (!this.socket && !this.polling) {
      clearTimeout(this.timer)
      this.open()
    } else if (this.socket?.readyState === WebSocket.OPEN) this.ping()
  }

  private dial(): void {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
    let socket: WebSocket
    try {
      socket = new WebSocket(`${scheme}//${location.host}/ws/chat?v=1`)
    } catch {
      this.fail()
      return
    }
    this.socket = socket
    this.timer = setTimeout(() => this.drop(true), OPENING)
    socket.onopen = () => {
      const { id, token } = this.session
      socket.send(JSON.stringify({ v: 1, t: 'hello', d: { session: id, token, last_seq: this.listener.after() } }))
    }
    socket.onmessage = event => this.receive(String(event.data))
    socket.onclose = event => {
      this.drop()
      if (this.closed) return
      if (event.code === LOST) this.listener.onLost()
      else this.fail(event.code === 1012)
    }
  }

  private receive(data: string): void {
    this.missed = 0
    const frame = JSON.parse(data) as Frame
    if (frame.t === 'welcome') {
      clearTimeout(this.timer)
      this.failed = 0
      clearInterval(this.beat)
      this.beat = setInterval(() => this.ping(), BEAT)
      this.listener.onFrame(frame)
      this.say(true)
    } else if (frame.t !== 'pong') this.listener.onFrame(frame)
  }

  private ping(): void {
    this.missed += 1
    if (this.missed > 2) {
      this.drop(true)
      return
    }
    this.socket?.send('{"v":1,"t":"ping","d":{}}')
  }

  private drop(failing = false): void {
    clearTimeout(this.timer)
    clearInterval(this.beat)
    const socket = this.socket
    this.socket = null
    this.missed = 0
    if (!socket) return
    socket.onclose = null
    socket.onmessage = null
    socket.close()
    if (failing) this.fail()
  }

  private fail(restarting = false): void {
    this.failed += 1
    this.say(false)
    if (this.failed === TRIES && navigator.onLine) this.pollUntil = Date.now() + SOCKET_AGAIN
    const step = Math.min(LONGEST, 1000 * 2 ** (this.failed - 1))
    const wait = restarting ? Math.random() * 5000 : this.failed === TRIES ? 0 : step * (0.7 + Math.random() * 0.6)
    this.timer = setTimeout(() => this.open(), wait)
  }

  private async poll(): Promise<void> {
    const stop = new AbortController()
    this.polling = stop
    try {
      while (!this.closed && Date.now() < this.pollUntil) {
        const { frames } = await events(this.session, this.listener.after(), this.online, stop.signal)
        frames.forEach(this.listener.onFrame)
        this.say(true)
      }
      this.polling = null
      this.failed = 0
      this.online = false
      this.open()
    } catch (error) {
      this.polling = null
      if (this.closed) return
      if (error instanceof Refused && error.lost) this.listener.onLost()
      else this.fail()
    }
  }

  private say(online: boolean): void {
    if (this.online === online && online) return
    this.online = online
    this.listener.onState(online ? 'online' : 'offline')
  }
}
