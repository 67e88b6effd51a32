import { describe, expect, it } from 'vitest'
import { isFromFrame, isToFrame } from '../widget/bridge'
import { language, spoken } from '../widget/texts/loader'
import { words } from '../widget/texts/words'
import { choices, lastSeq, unread, unsent, withAck, withFile, withSaid, withState, written } from '../widget/thread'
import type { Said } from '../widget/wire'

const AT = '2026-11-21T12:00:00Z'

function said(msg_id: string, from: Said['from'], text: string, client_id?: string): Said {
  return { msg_id, from, at: AT, parts: [{ type: 'text', text }], ...(client_id ? { client_id } : {}) }
}

describe('the thread of the chat', () => {
  it('shows each message once and in order, whichever road brings it first', () => {
    const mine = [written('w1', 'Hola', AT)]
    const echoed = withSaid(withAck(mine, 'w1', 'm2', 2), 2, said('m2', 'me', 'Hola', 'w1'))
    const acked = withAck(withSaid(mine, 2, said('m2', 'me', 'Hola', 'w1')), 'w1', 'm2', 2)
    for (const items of [echoed, acked]) {
      expect(items.map(item => [item.key, item.id, item.seq, item.state])).toEqual([['w1', 'm2', 2, 'done']])
    }
    const all = withSaid(
      withSaid(withSaid(echoed, 4, said('m4', 'bot', 'b')), 1, said('m1', 'bot', 'a')),
      4,
      said('m4', 'bot', 'b'),
    )
    expect(all.map(item => item.id)).toEqual(['m1', 'm2', 'm4'])
    expect([lastSeq(all), unread(all, 1), unread(all, 4)]).toEqual([4, 1, 0])
  })

  it('keeps what is not sent at the end, and knows what is to be sent again', () => {
    const items = withSaid([written('w1', 'uno', AT), written('w2', 'dos', AT)], 9, said('m9', 'agent', 'hola'))
    expect(items.map(item => item.id)).toEqual(['m9', null, null])
    expect(unsent(withState(items, 'w1', 'failed')).map(item => item.clientId)).toEqual(['w2'])
    expect(lastSeq(items)).toBe(9)
  })

  it('shows a file once, whichever news of it comes first', () => {
    const sending = [written('w1', '', AT, new File(['x'], 'pago.png'))]
    const told = withFile(withSaid(sending, 5, said('m5', 'me', '')), 'w1', 'm5')
    const asked = withSaid(withFile(sending, 'w1', 'm5'), 5, said('m5', 'me', ''))
    for (const items of [told, asked]) expect(items.map(item => [item.id, item.state])).toEqual([['m5', 'done']])
  })

  it('offers the choices of the last message only', () => {
    const asked: Said = {
      ...said('m1', 'bot', '¿Fechas?'),
      parts: [{ type: 'choices', options: [{ id: '0', text: 'Hoy' }] }],
    }
    const items = withSaid([], 1, asked)
    expect(choices(items)).toEqual({ msgId: 'm1', options: [{ id: '0', text: 'Hoy' }] })
    expect(choices([...items, written('w1', 'Hoy', AT)])).toBeNull()
  })
})

describe('the bridge between the two pages', () => {
  it('takes nothing that it does not know', () => {
    expect(isFromFrame({ relevo: 1, type: 'unread', count: 2 })).toBe(true)
    expect(isToFrame({ relevo: 1, type: 'ask', text: 'hola' })).toBe(true)
    const strange = [
      null,
      'open',
      {},
      { type: 'open' },
      { relevo: 1 },
      { relevo: 1, type: 'ask' },
      { relevo: 1, type: 'unread', count: '9' },
    ]
    for (const each of strange) expect([isFromFrame(each), isToFrame(each)]).toEqual([false, false])
  })
})

describe('languages of the chat', () => {
  it('are the nearest to what the page speaks', () => {
    expect(['es-AR', 'es_UY', 'es-MX', 'es', 'en-GB', 'pt-BR', ''].map(language)).toEqual([
      'es_AR',
      'es_AR',
      'es',
      'es',
      'en',
      'es',
      'es',
    ])
  })

  it('follow the house where somebody names only the language', () => {
    expect([spoken('es', 'es_AR'), spoken('es-MX', 'es_AR'), spoken('en', 'es_AR'), spoken('es', 'en')]).toEqual([
      'es_AR',
      'es',
      'en',
      'es',
    ])
  })

  it('have the same sentences', () => {
    expect(Object.keys(words('en'))).toEqual(Object.keys(words('es')))
    expect(Object.keys(words('en').calling.errors)).toEqual(Object.keys(words('es').calling.errors))
  })
})
