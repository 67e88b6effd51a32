import { describe, expect, it } from 'vitest'
import { LOUD, loudness, readSounds, writeSounds } from '../src/audio/soundSettings'
import { isApple } from '../src/device/install'
import { fresh, type News } from '../src/device/notices'
import { bytesOf, isSameKey } from '../src/device/push'
import { store } from '../src/device/store'
import { isShownInside, optionsFor, readNotice, safeLink } from '../worker/notice'
import { staleCaches, wayOf } from '../worker/shell'

const HOME = 'https://hotel.example'
const asked = (path: string, mode: RequestMode = 'cors', method = 'GET') =>
  wayOf({ url: path.startsWith('http') ? path : HOME + path, mode, method }, HOME)

describe('what the worker answers', () => {
  it.each([
    ['/bandeja', 'navigate', 'page'],
    ['/c/cnv_1?mensaje=3', 'navigate', 'page'],
    ['/assets/start-abc.js', 'cors', 'asset'],
    ['/icons/192.png', 'no-cors', 'file'],
    ['/scheme.js', 'no-cors', 'file'],
    ['/other.bin', 'no-cors', 'ignore'],
  ] as const)('%s (%s) is %s', (path, mode, way) => expect(asked(path, mode)).toBe(way))

  it.each([
    '/api/conversations',
    '/api',
    '/recordings/rec_1',
    '/health',
    '/demo',
    '/demo/whatsapp',
    '/widget/frame.html',
    '/widget.js',
    '/sw.js',
    '/twilio/voice',
    'https://elsewhere.example/assets/x.js',
  ])('%s is never its business, however it is asked', path => {
    expect(asked(path, 'navigate')).toBe('ignore')
    expect(asked(path)).toBe('ignore')
  })

  it('leaves writes alone, and addresses that only look like what is not ours', () => {
    expect(asked('/bandeja', 'navigate', 'POST')).toBe('ignore')
    expect(asked('/demostraciones', 'navigate')).toBe('page')
  })

  it('throws away what older builds kept, and nothing of anybody else', () => {
    const names = ['relevo-shell-old', 'relevo-shell-new', 'relevo-assets', 'somebody']
    expect(staleCaches(names, 'new')).toEqual(['relevo-shell-old'])
  })
})

describe('what a push says', () => {
  const given = { kind: 'offer', title: 'Hola', body: 'b', link: '/c/cnv_1', tag: 'offer:1', until: '' }

  it('is read, and refused where it is none', () => {
    expect(readNotice(given)).toEqual(given)
    for (const wrong of [null, 'x', {}, { ...given, kind: 'spam' }, { ...given, title: 3 }]) {
      expect(readNotice(wrong)).toBeNull()
    }
  })

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '', 'c/1', '/a b'])(
    'never leads to %s',
    link => expect(safeLink(link)).toBe('/'),
  )

  it.each(['/c/cnv_1', '/llamadas?llamada=cal_1', '/reservas/AB-12'])('leads to %s', link =>
    expect(safeLink(link)).toBe(link),
  )

  it('stays when it rings, and is left to a console that is looked at', () => {
    expect(optionsFor({ ...given, kind: 'call' })).toMatchObject({ requireInteraction: true, renotify: true })
    expect(optionsFor({ ...given, kind: 'message' })).toMatchObject({ requireInteraction: false, renotify: false })
    expect(isShownInside({ ...given, kind: 'offer' }, true)).toBe(true)
    expect(isShownInside({ ...given, kind: 'offer' }, false)).toBe(false)
    expect(isShownInside({ ...given, kind: 'alert' }, true)).toBe(false)
  })
})

describe('sounds', () => {
  const kept = (text: string | null) => ({ getItem: () => text, setItem: () => undefined })

  it('are remembered, and sensible where what is remembered is not', () => {
    let text = ''
    writeSounds({ getItem: () => null, setItem: (_key, value) => (text = value) }, { volume: 35, off: ['alert'] })
    expect(readSounds(kept(text))).toEqual({ volume: 35, off: ['alert'] })
    expect(readSounds(kept('{"volume": 900, "off": ["alert", "x"]}'))).toEqual({ volume: 100, off: ['alert'] })
    for (const wrong of [null, '{', '3', '{"volume": "loud", "off": 3}']) {
      expect(readSounds(kept(wrong))).toEqual(LOUD)
    }
  })

  it('are as loud as wanted, the test always', () => {
    const settings = { volume: 50, off: ['alert' as const] }
    expect([loudness(settings, 'ring'), loudness(settings, 'alert'), loudness(settings, 'test')]).toEqual([
      0.25, 0, 0.25,
    ])
    expect(loudness({ volume: 0, off: [] }, 'ring')).toBe(0)
  })
})

describe('a device', () => {
  it('knows its key in the words of the server', () => {
    const key = btoa(String.fromCharCode(...Array.from({ length: 65 }, (_, at) => at * 3)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
    expect(isSameKey(bytesOf(key).buffer, key)).toBe(true)
    expect(isSameKey(new Uint8Array(65).buffer, key)).toBe(false)
    expect(isSameKey(null, key)).toBe(false)
  })

  it('tells an iPad that says it is a Mac', () => {
    expect(isApple('Mozilla/5.0 (Macintosh; Intel Mac OS X)', 5)).toBe(true)
    expect(isApple('Mozilla/5.0 (Macintosh; Intel Mac OS X)', 0)).toBe(false)
    expect(isApple('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)', 5)).toBe(true)
    expect(isApple('Mozilla/5.0 (Linux; Android 15)', 5)).toBe(false)
  })

  it('says what is new since the last look, and nothing at the first', () => {
    const news = (key: string): News => ({ key, kind: 'message', tag: key, link: '/' })
    expect(fresh(null, [news('a')])).toEqual([])
    expect(fresh(new Set(['a']), [news('a'), news('b')])).toEqual([news('b')])
  })

  it('tells whoever listens, once per change', () => {
    const value = store(1)
    let heard = 0
    const stop = value.subscribe(() => heard++)
    value.set(1)
    value.set(2)
    stop()
    value.set(3)
    expect([heard, value.get()]).toEqual([1, 3])
  })
})
