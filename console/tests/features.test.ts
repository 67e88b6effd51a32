import { describe, expect, it } from 'vitest'
import { safeTarget } from '../src/features/auth/safeTarget'
import { board, matches } from '../src/features/bookings/board'
import { folderCounts, folderItems, neighbour } from '../src/features/inbox/folders'
import { browserName } from '../src/ui/browserName'
import { pressName } from '../src/ui/commands/chords'
import { Drafts } from '../src/ui/drafts'
import { comingWords, entries } from '../src/ui/thread/entries'
import { booking, conversation, message } from './samples'

const AT = '2026-11-21T12:00:00Z'

describe('drafts', () => {
  const saved = new Map<string, string>()
  const store = {
    getItem: (key: string) => saved.get(key) ?? null,
    setItem: (key: string, value: string) => void saved.set(key, value),
    removeItem: (key: string) => void saved.delete(key),
    key: (at: number) => [...saved.keys()][at] ?? null,
    get length() {
      return saved.size
    },
  }

  it('are kept per conversation and kind, and go when sent', () => {
    new Drafts(store, 'stf_1').write('cnv_1', 'text', 'a medias', 7)
    const reloaded = new Drafts(store, 'stf_1')
    expect(reloaded.read('cnv_1', 'text')).toEqual({ text: 'a medias', seen: 7 })
    expect(reloaded.read('cnv_1', 'note').text).toBe('')
    expect(reloaded.read('cnv_2', 'text').text).toBe('')
    reloaded.write('cnv_1', 'text', '', 9)
    expect(saved.size).toBe(0)
  })

  it('remember how far one had read when one began, until one has looked', () => {
    const drafts = new Drafts(store, 'stf_1')
    drafts.write('cnv_1', 'text', 'ho', 3)
    drafts.write('cnv_1', 'text', 'hola', 5)
    expect(drafts.read('cnv_1', 'text').seen).toBe(3)
    drafts.reviewed('cnv_1', 'text', 5)
    expect(new Drafts(store, 'stf_1').read('cnv_1', 'text')).toEqual({ text: 'hola', seen: 5 })
  })

  it('are still there for the same person, and gone once somebody else has come', () => {
    expect(new Drafts(store, 'stf_1').read('cnv_1', 'text').text).toBe('hola')
    expect(new Drafts(store, 'stf_2').read('cnv_1', 'text').text).toBe('')
    expect(saved.size).toBe(0)
  })

  it('stay in memory where storage is forbidden', () => {
    const broken = () => {
      throw new DOMException('forbidden')
    }
    const forbidden = { getItem: broken, setItem: broken, removeItem: broken, key: broken, length: 1 }
    const drafts = new Drafts(forbidden, 'stf_1')
    expect(drafts.read('cnv_1', 'text').text).toBe('')
    drafts.write('cnv_1', 'text', 'sigue', 1)
    expect(drafts.read('cnv_1', 'text').text).toBe('sigue')
  })
})

describe('inbox folders', () => {
  const last = (at: string) => ({ text: '', author: 'customer' as const, at })
  const items = [
    conversation({ id: 'old', control: 'queued', last_message: last('2026-11-21T10:00:00Z') }),
    conversation({ id: 'new', control: 'queued', last_message: last('2026-11-21T11:00:00Z') }),
    conversation({ id: 'mine', control: 'agent', agent: { id: 'me', name: 'Yo' }, last_message: last(AT) }),
    conversation({ id: 'theirs', control: 'agent', agent: { id: 'other', name: 'Sofía' } }),
  ]

  it('puts who has waited longest first among those who need a person, the latest first elsewhere', () => {
    expect(folderItems(items, 'queued', 'me').map(item => item.id)).toEqual(['old', 'new'])
    expect(folderItems(items, 'all', 'me').map(item => item.id)).toEqual(['mine', 'new', 'old', 'theirs'])
    expect(folderCounts(items, 'me')).toEqual({ mine: 1, queued: 2, bot: 0, all: 4, closed: 0 })
  })

  it('walks to the neighbours and stops at the ends', () => {
    expect(neighbour(['a', 'b'], 'a', 1)).toBe('b')
    expect(neighbour(['a', 'b'], 'b', 1)).toBeUndefined()
    expect(neighbour(['a', 'b'], undefined, -1)).toBe('b')
  })
})

describe('words that are coming', () => {
  it('are not shown beside the message that they have become', () => {
    const messages = [message({ seq: 1, text: 'Sí' }), message({ seq: 2, author: 'bot', text: 'Tengo la doble a' })]
    expect(comingWords({ customer: 'Sí' }, messages)).toEqual([])
    expect(comingWords({ customer: 'Sí, pero' }, messages)).toEqual([['customer', 'Sí, pero']])
    expect(comingWords({ bot: 'Tengo la doble a $ 408.000' }, messages)).toEqual([])
    expect(comingWords({ bot: 'Queda reservada', agent: '' }, messages)).toEqual([['bot', 'Queda reservada']])
  })
})

describe('bookings board', () => {
  it('sorts holds by who ends first and puts unknown states where somebody looks', () => {
    const made = board([
      booking({ code: 'later', hold_expires_at: '2026-11-21T13:00:00Z' }),
      booking({ code: 'sooner', hold_expires_at: '2026-11-21T12:10:00Z' }),
      booking({ code: 'odd', status: 'needs_staff' }),
      booking({ code: 'gone', status: 'expired' }),
    ])
    expect(made.hold.map(item => item.code)).toEqual(['sooner', 'later'])
    expect(made.pending.map(item => item.code)).toEqual(['odd'])
    expect(made.ended.map(item => item.code)).toEqual(['gone'])
  })

  it('searches without minding accents or the order of words', () => {
    expect(matches(booking(), 'benitez 203', null)).toBe(true)
    expect(matches(booking(), 'doble', 'suite')).toBe(false)
    expect(matches(booking(), 'pérez', null)).toBe(false)
  })
})

describe('thread', () => {
  it('parts days, draws events apart and puts the same voice together', () => {
    const made = entries([
      message({ seq: 1, at: '2026-11-20T12:00:00' }),
      message({ seq: 2, at: '2026-11-21T12:00:00' }),
      message({ seq: 3, at: '2026-11-21T12:01:00' }),
      message({ seq: 4, at: '2026-11-21T12:02:00', kind: 'event', author: 'system' }),
      message({ seq: 5, at: '2026-11-21T12:03:00', kind: 'note', author: 'agent' }),
    ])
    expect(made.map(entry => entry.type)).toEqual(['day', 'message', 'day', 'message', 'message', 'event', 'message'])
    expect(made.map(entry => (entry.type === 'message' ? [entry.first, entry.last] : null)).filter(Boolean)).toEqual([
      [true, true],
      [true, false],
      [false, true],
      [true, true],
    ])
  })
})

describe('keyboard', () => {
  const press = { code: 'KeyT', key: '†', altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, repeat: false }

  it('tells keys by their place, leaves AltGr alone, and keeps ? for when nobody is typing', () => {
    expect(pressName(press, true)).toBe('Alt+KeyT')
    expect(pressName({ ...press, ctrlKey: true }, false)).toBeNull()
    const question = { ...press, altKey: false, key: '?' }
    expect(pressName(question, false)).toBe('?')
    expect(pressName(question, true)).toBeNull()
  })
})

describe('sign-in target', () => {
  it('is a place of this console or nothing', () => {
    expect(safeTarget('/c/cnv_1')).toBe('/c/cnv_1')
    for (const bad of [undefined, '/', '//evil.example', '/\\evil.example', 'https://evil.example', '/entrar?x']) {
      expect(safeTarget(bad)).toBeNull()
    }
  })
})

describe('browsers', () => {
  it('knows browsers apart by what they call themselves', () => {
    const chrome = 'Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/140.0 Safari/537.36'
    expect(browserName(chrome)).toBe('chrome')
    expect(browserName(`${chrome} Edg/140.0`)).toBe('edge')
    expect(browserName('Mozilla/5.0 (Macintosh) Version/18.0 Safari/605.1.15')).toBe('safari')
    expect(browserName('Mozilla/5.0 (X11) Gecko/20100101 Firefox/140.0')).toBe('firefox')
  })
})
