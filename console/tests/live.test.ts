import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { backoff } from '../src/api/backoff'
import { LiveFeed, type Socket, type TopicHandler } from '../src/api/live'

class FakeSocket implements Socket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  sent: Record<string, unknown>[] = []
  closed = false

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.closed = true
  }

  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  drop(code = 1006): void {
    this.onclose?.({ code })
  }
}

function recorder(): { log: unknown[]; handler: TopicHandler } {
  const log: unknown[] = []
  return {
    log,
    handler: {
      snapshot: data => log.push(['snapshot', data]),
      event: (kind, data) => log.push([kind, data]),
      ephemeral: (kind, data) => log.push([`~${kind}`, data]),
    },
  }
}

describe('live feed', () => {
  let sockets: FakeSocket[]
  let feed: LiveFeed
  const socket = () => sockets[sockets.length - 1] as FakeSocket
  const event = (seq: number) => ({ type: 'event', topic: 'inbox', seq, kind: 'conversation', data: seq })

  beforeEach(() => {
    vi.useFakeTimers()
    sockets = []
    const open = () => {
      sockets.push(new FakeSocket())
      return socket()
    }
    feed = new LiveFeed(
      open,
      () => Date.now(),
      () => 0,
    )
    feed.start()
  })

  afterEach(() => {
    feed.stop()
    vi.useRealTimers()
  })

  it('asks for a snapshot first and then takes the events in order', () => {
    const { log, handler } = recorder()
    feed.subscribe('inbox', handler)
    expect(socket().sent).toEqual([])
    socket().onopen?.()
    expect(socket().sent).toEqual([{ type: 'subscribe', topic: 'inbox' }])
    expect(feed.isLive('inbox')).toBe(false)
    socket().say({ type: 'snapshot', topic: 'inbox', seq: 41, data: 'all' })
    socket().say(event(42))
    socket().say(event(42))
    socket().say({ type: 'ephemeral', topic: 'inbox', kind: 'partial', data: 'words' })
    expect(log).toEqual([
      ['snapshot', 'all'],
      ['conversation', 42],
      ['~partial', 'words'],
    ])
    expect(feed.isLive('inbox')).toBe(true)
  })

  it('resumes after a cut from the last event it saw', () => {
    const { log, handler } = recorder()
    feed.subscribe('inbox', handler)
    socket().onopen?.()
    socket().say({ type: 'snapshot', topic: 'inbox', seq: 1, data: 'all' })
    socket().say(event(2))
    socket().drop()
    expect(feed.state.status).toBe('waiting')
    expect(feed.isLive('inbox')).toBe(false)
    vi.advanceTimersByTime(1_000)
    expect(sockets).toHaveLength(2)
    socket().onopen?.()
    expect(socket().sent).toEqual([{ type: 'subscribe', topic: 'inbox', since: 2 }])
    socket().say(event(3))
    expect(log.slice(-1)).toEqual([['conversation', 3]])
  })

  it('asks again when it sees a hole, applies nothing out of order, and falls back on a snapshot', () => {
    const { log, handler } = recorder()
    feed.subscribe('inbox', handler)
    socket().onopen?.()
    socket().say({ type: 'snapshot', topic: 'inbox', seq: 1, data: 'all' })
    socket().say(event(3))
    expect(log).toHaveLength(1)
    expect(socket().sent.slice(-1)).toEqual([{ type: 'subscribe', topic: 'inbox', since: 1 }])
    socket().say(event(2))
    socket().say(event(3))
    expect(log.slice(1)).toEqual([
      ['conversation', 2],
      ['conversation', 3],
    ])
    socket().say(event(6))
    socket().say(event(7))
    socket().say(event(8))
    expect(socket().sent.slice(-2)).toEqual([
      { type: 'subscribe', topic: 'inbox', since: 3 },
      { type: 'subscribe', topic: 'inbox' },
    ])
    socket().say({ type: 'snapshot', topic: 'inbox', seq: 8, data: 'again' })
    expect(log.slice(-1)).toEqual([['snapshot', 'again']])
  })

  it('waits longer after each failure, up to half a minute, and starts afresh once data comes', () => {
    for (const expected of [400, 800, 1_600]) {
      const before = Date.now()
      socket().drop()
      expect(feed.state.retryAt).toBe(before + expected)
      vi.advanceTimersByTime(expected)
    }
    socket().onopen?.()
    socket().say({ type: 'pong' })
    socket().drop()
    expect((feed.state.retryAt ?? 0) - Date.now()).toBe(400)
    expect(backoff(30, () => 1)).toBe(30_000)
    expect(backoff(0, () => 0.5)).toBe(600)
  })

  it('says when the last data came', () => {
    expect(feed.state.lastDataAt).toBeNull()
    socket().onopen?.()
    socket().say({ type: 'pong' })
    expect(feed.state.lastDataAt).toBe(Date.now())
  })

  it('drops a connection that does not answer, and asks at once after a sleep', () => {
    socket().onopen?.()
    const first = socket()
    vi.advanceTimersByTime(25_000)
    expect(first.sent).toEqual([{ type: 'ping' }])
    vi.advanceTimersByTime(8_000)
    expect(first.closed).toBe(true)
    expect(feed.state.status).toBe('waiting')
    feed.wake()
    expect(sockets).toHaveLength(2)
    vi.setSystemTime(Date.now() + 3_600_000)
    feed.wake()
    expect(socket().sent, 'nothing can be said before it is open').toEqual([])
    socket().onopen?.()
    socket().say({ type: 'pong' })
    vi.setSystemTime(Date.now() + 3_600_000)
    feed.wake()
    expect(socket().sent).toEqual([{ type: 'ping' }])
    feed.wake()
    socket().say({ type: 'pong' })
    vi.advanceTimersByTime(9_000)
    expect(feed.state.status).toBe('online')
  })

  it('stops at sign-out and tells, without trying again', () => {
    const left = vi.fn()
    feed.onSignedOut = left
    socket().drop(4401)
    expect(left).toHaveBeenCalledOnce()
    expect(feed.state.status).toBe('refused')
    vi.advanceTimersByTime(120_000)
    expect(sockets).toHaveLength(1)
  })

  it('unsubscribes when the last user of a topic leaves', () => {
    const { handler } = recorder()
    socket().onopen?.()
    const one = feed.subscribe('calls', handler)
    const two = feed.subscribe('calls', handler)
    one()
    one()
    expect(socket().sent).toEqual([{ type: 'subscribe', topic: 'calls' }])
    two()
    expect(socket().sent.slice(-1)).toEqual([{ type: 'unsubscribe', topic: 'calls' }])
  })

  it('ignores what it cannot read', () => {
    socket().onopen?.()
    socket().onmessage?.({ data: 'no json' })
    socket().onmessage?.({ data: new ArrayBuffer(2) })
    socket().say(null)
    expect(feed.state.status).toBe('online')
  })

  it('takes what is left out for others for no hole, and asks anew when something is taken away', () => {
    const { feed, sockets, log } = watched()
    const socket = sockets[0] as FakeSocket
    socket.say({ type: 'snapshot', topic: 'inbox', seq: 4, data: 'all' })
    socket.say({ type: 'event', topic: 'inbox', seq: 9, after: 4, kind: 'conversation', data: 1 })
    socket.say({ type: 'event', topic: 'inbox', seq: 12, after: 9, kind: 'gone', data: { id: 'cnv_1' } })
    expect(log).toEqual([
      ['snapshot', 'all'],
      ['conversation', 1],
      ['gone', { id: 'cnv_1' }],
    ])
    expect(socket.sent.at(-1)).toEqual({ type: 'subscribe', topic: 'inbox' })
    feed.stop()
  })

  it('begins again from nothing, and at once, when what one may see has changed', () => {
    const { feed, sockets } = watched()
    let told = 0
    feed.onBeginAgain = () => {
      told += 1
    }
    const socket = sockets[0] as FakeSocket
    socket.say({ type: 'snapshot', topic: 'inbox', seq: 4, data: 'all' })
    socket.drop(4409)
    const next = sockets[1] as FakeSocket
    next.onopen?.()
    expect(told).toBe(1)
    expect(next.sent).toEqual([{ type: 'subscribe', topic: 'inbox' }])
    feed.stop()
  })
})

/** A feed that is online and follows the inbox. */
function watched() {
  const sockets: FakeSocket[] = []
  const feed = new LiveFeed(() => {
    const socket = new FakeSocket()
    sockets.push(socket)
    return socket
  })
  const { log, handler } = recorder()
  feed.subscribe('inbox', handler)
  feed.start()
  sockets[0]?.onopen?.()
  return { feed, sockets, log }
}
