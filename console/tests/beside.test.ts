import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { guessed } from '../src/api/guess'
import { keys } from '../src/api/keys'
import { deliverWaiting, type Outgoing } from '../src/api/outbox'
import { nextTurn } from '../src/api/queues'
import type { QueueEntry } from '../src/api/schema.queues'
import { Showing } from '../src/api/showing'
import { SHOWN_FOR, Undos } from '../src/api/undo'
import { type Viewer, Viewers } from '../src/api/viewers'
import { answeredSince, lastSeq } from '../src/features/conversation/meanwhile'
import { besideWords } from '../src/ui/beside/words'
import { conversation, message, user } from './samples'

const marta: Viewer = { id: 'stf_1', name: 'Marta Ruiz', doing: 'looking' }
const luz: Viewer = { id: 'stf_2', name: 'Luz', doing: 'note' }

describe('who else is here', () => {
  it('is what was told last, and nobody once it is to be told anew', () => {
    const viewers = new Viewers()
    let redrawn = 0
    viewers.watch(() => {
      redrawn += 1
    })
    viewers.hear('typing', {})
    viewers.hear('viewing', { items: [{ thing: 'conversation:a', who: [marta] }] })
    viewers.hear('viewing', { items: [{ thing: 'booking:B', who: [luz] }] })
    expect(viewers.of('conversation:a')).toBe(viewers.of('conversation:a'))
    viewers.forget('conversation:')
    expect(viewers.of('conversation:a')).toEqual([])
    expect(viewers.of('booking:B')).toEqual([luz])
    viewers.hear('viewing', { items: [{ thing: 'booking:B', who: [] }] })
    expect(viewers.of('booking:B')).toEqual([])
    expect(redrawn).toBe(4)
  })

  it('is said in words: who writes before who looks', () => {
    expect(besideWords([])).toBeNull()
    expect(besideWords([marta])).toBe('Marta está mirando')
    expect(besideWords([marta, { ...luz, doing: 'looking' }])).toBe('Marta y Luz están mirando')
    const others = [marta, { ...luz, doing: 'looking' as const }, { ...marta, id: 'stf_3', name: 'Ana' }]
    expect(besideWords(others)).toBe('Marta y 2 personas más están mirando')
    expect(besideWords([marta, luz])).toBe('Luz está escribiendo una nota…')
    expect(besideWords([luz, { ...marta, doing: 'reply' }])).toBe('Marta está escribiendo una respuesta…')
  })
})

describe('what is shown to the others', () => {
  let said: unknown[]
  let watchers: (() => void)[]
  const feed = {
    say: (frame: unknown) => void said.push(frame),
    watch: (each: () => void) => add(each),
    state: { status: 'online' },
  }
  const add = (each: () => void) => {
    watchers.push(each)
    return () => undefined
  }
  const looking = { type: 'view', thing: 'conversation:a', doing: 'looking' }
  let showing: Showing

  beforeEach(() => {
    vi.useFakeTimers()
    said = []
    watchers = []
    feed.state = { status: 'online' }
    showing = new Showing(feed, () => Date.now())
  })
  afterEach(() => vi.useRealTimers())

  it('is told after the topic was asked for, renewed, and ended', async () => {
    const end = showing.show('conversation:a')
    expect(said).toEqual([])
    await vi.advanceTimersByTimeAsync(0)
    expect(said).toEqual([looking])
    await vi.advanceTimersByTimeAsync(30_000)
    expect(said).toEqual([looking, looking])
    end()
    expect(said[2]).toEqual({ type: 'view', thing: null })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(said).toHaveLength(3)
  })

  it('says that one writes at most once in three seconds, and that one has stopped', async () => {
    showing.show('conversation:a')
    await vi.advanceTimersByTimeAsync(0)
    for (let key = 0; key < 20; key++) {
      showing.wrote('reply')
      await vi.advanceTimersByTimeAsync(200)
    }
    expect(said.slice(1)).toEqual([
      { ...looking, doing: 'reply' },
      { ...looking, doing: 'reply' },
    ])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(said.at(-1)).toEqual(looking)
  })

  it('is nothing while another tab is in front, and told again when the connection is back', async () => {
    showing.show('conversation:a')
    await vi.advanceTimersByTimeAsync(0)
    showing.setHidden(true)
    expect(said.at(-1)).toEqual({ type: 'view', thing: null })
    showing.setHidden(false)
    said = []
    for (const status of ['waiting', 'online']) {
      feed.state = { status }
      for (const watcher of watchers) watcher()
    }
    await vi.advanceTimersByTimeAsync(0)
    expect(said.at(-1)).toEqual(looking)
  })

  it('of two pages that change places the one that came last stays', async () => {
    const end = showing.show('conversation:a')
    showing.show('booking:B')
    end()
    await vi.advanceTimersByTimeAsync(0)
    expect(said.at(-1)).toEqual({ type: 'view', thing: 'booking:B', doing: 'looking' })
  })
})

describe('an answer that came while one wrote', () => {
  const me = user()
  const theirs = message({ seq: 5, author: 'agent', author_name: 'Luz' })

  it('is one of a colleague to the customer, after one began', () => {
    expect(answeredSince([theirs], 4, me)).toBe('Luz')
    expect(answeredSince([theirs], 5, me)).toBeNull()
    expect(answeredSince([{ ...theirs, kind: 'note' }], 4, me)).toBeNull()
    expect(answeredSince([{ ...theirs, author: 'bot' }], 4, me)).toBeNull()
    expect(answeredSince([{ ...theirs, author_name: me.name }], 4, me)).toBeNull()
    expect(answeredSince([{ ...theirs, author_name: null }], 4, me)).toBe('')
    expect(lastSeq([theirs, message({ seq: 3 })])).toBe(5)
  })
})

describe('what can be undone', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('is offered for eight seconds, longer while somebody is about to press', () => {
    const undos = new Undos()
    undos.offer('Resuelta', async () => null)
    vi.advanceTimersByTime(SHOWN_FOR - 1)
    const [notice] = undos.items
    undos.hold(notice?.id ?? 0)
    vi.advanceTimersByTime(60_000)
    expect(undos.items).toHaveLength(1)
    undos.release(notice?.id ?? 0)
    vi.advanceTimersByTime(SHOWN_FOR)
    expect(undos.items).toEqual([])
  })

  it('is undone once, and says when it could not be', async () => {
    const undos = new Undos()
    let times = 0
    undos.offer('Resuelta', async () => {
      times += 1
    })
    const id = undos.items[0]?.id ?? 0
    await Promise.all([undos.undo(id), undos.undo(id)])
    expect(times).toBe(1)
    expect(undos.items[0]?.state).toBe('undone')
    undos.offer('Otra', () => Promise.reject(new Error('no')))
    await undos.undo(undos.items.at(-1)?.id ?? 0)
    expect(undos.items.at(-1)?.state).toBe('failed')
    undos.clear()
    expect(undos.items).toEqual([])
  })

  it('shows three at most, the latest', () => {
    const undos = new Undos()
    for (const words of ['1', '2', '3', '4']) undos.offer(words, async () => null)
    expect(undos.items.map(item => item.words)).toEqual(['2', '3', '4'])
    vi.advanceTimersByTime(SHOWN_FOR)
    expect(undos.items).toEqual([])
  })
})

describe('what is guessed until the server answers', () => {
  it('has no rights of its own', () => {
    const known = conversation({ actions: ['take_over'] })
    expect(guessed(known, 'take_over', user())).toMatchObject({ control: 'agent', agent: { name: 'Marta' } })
    expect(guessed(known, 'take_over', user()).actions).toBeUndefined()
    expect(guessed(known, 'resolve', user()).control).toBe('closed')
    expect(guessed(known, 'hand_back', user())).toMatchObject({ control: 'bot', agent: null })
  })
})

describe('what was written without a connection', () => {
  const out = (n: number): Outgoing => ({
    clientId: `c${n}`,
    kind: 'text',
    text: `mensaje ${n}`,
    at: '2026-11-21T12:00:00Z',
    state: 'waiting',
    error: '',
  })
  afterEach(() => vi.unstubAllGlobals())

  it('goes in its order when the connection is back, and waits on while it is not', async () => {
    const cache = new QueryClient()
    cache.setQueryData(keys.outbox('cnv_1'), [out(1), out(2), { ...out(3), state: 'failed' as const }])
    let online = false
    const sent: string[] = []
    vi.stubGlobal('fetch', async (_path: string, options: { body: string }) => {
      if (!online) throw new TypeError('offline')
      const body = JSON.parse(options.body) as { client_id: string }
      sent.push(body.client_id)
      return new Response(JSON.stringify(message({ seq: sent.length })), { status: 201 })
    })
    await deliverWaiting(cache)
    expect(cache.getQueryData<Outgoing[]>(keys.outbox('cnv_1'))?.map(item => item.state)).toEqual([
      'waiting',
      'waiting',
      'failed',
    ])
    online = true
    await deliverWaiting(cache)
    expect(sent).toEqual(['c1', 'c2'])
    expect(cache.getQueryData<Outgoing[]>(keys.outbox('cnv_1'))?.map(item => item.clientId)).toEqual(['c3'])
  })
})

describe('when a board is different though nothing happened', () => {
  it('is when a promise is at risk or runs out, or at the next quarter of an hour', () => {
    const now = Date.parse('2026-11-21T12:01:00Z')
    const quarter = Date.parse('2026-11-21T12:15:00Z')
    const entry = (left: number, state: 'running' | 'met'): QueueEntry => ({
      ...({} as QueueEntry),
      at: '2026-11-21T12:01:00Z',
      clocks: [{ kind: 'first', state, due_at: null, left, target: 100 }],
    })
    expect(nextTurn([], now)).toBe(quarter)
    expect(nextTurn([entry(60, 'met')], now)).toBe(quarter)
    expect(nextTurn([entry(60, 'running')], now)).toBe(now + 35_000)
    expect(nextTurn([entry(20, 'running')], now)).toBe(now + 20_000)
  })
})
