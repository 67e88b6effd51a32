import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LiveFeed, type Socket } from '../src/api/live'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('does not wait for ever for a connection that nobody opens', () => {
  const sockets: Socket[] = []
  let closed = 0
  const open = (): Socket => {
    const socket: Socket = {
      send: () => undefined,
      close: () => {
        closed += 1
      },
      onopen: null,
      onmessage: null,
      onclose: null,
    }
    sockets.push(socket)
    return socket
  }
  const feed = new LiveFeed(open, Date.now, () => 0)
  feed.start()
  vi.advanceTimersByTime(9_999)
  expect(feed.state.status).toBe('connecting')
  vi.advanceTimersByTime(1)
  expect([feed.state.status, closed]).toEqual(['waiting', 1])
  vi.advanceTimersByTime(800)
  expect(sockets).toHaveLength(2)
  sockets[1]?.onopen?.()
  vi.advanceTimersByTime(20_000)
  expect(feed.state.status).toBe('online')
  feed.stop()
})
