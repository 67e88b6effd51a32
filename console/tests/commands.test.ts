import { describe, expect, it } from 'vitest'
import { texts } from '../src/texts'
import { ranked, remembered } from '../src/ui/commands/bar/rank'
import { keymapWith, keyNames, type Press, pressed, pressName, refusal } from '../src/ui/commands/chords'
import { COMMANDS } from '../src/ui/commands/commands'
import { PAUSE, Registry } from '../src/ui/commands/registry'

const press = (change: Partial<Press>): Press => ({
  code: 'KeyT',
  key: 't',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  repeat: false,
  ...change,
})

describe('commands', () => {
  it('come with the keys that were promised, each once, and with words', () => {
    const keys = Object.fromEntries(COMMANDS.map(({ id, chord }) => [chord.replace('Alt+Key', ''), id]))
    expect(keys).toMatchObject({ T: 'takeOver', V: 'handBack', I: 'copilot', A: 'answer', X: 'mute', H: 'onHold' })
    expect(keys).toMatchObject({ G: 'pauseRecording', U: 'askHelp', J: 'next', K: 'previous', E: 'resolve', P: 'note' })
    expect(keys).toMatchObject({ R: 'reply', B: 'booking', 'Mod+KeyK': 'bar', '?': 'help' })
    expect(new Set(COMMANDS.map(command => command.chord)).size).toBe(COMMANDS.length)
    for (const { id, chord } of COMMANDS) {
      expect(texts.keys[id], id).toBeTruthy()
      expect(refusal(id, chord, keymapWith({})), id).toBeNull()
    }
  })
})

describe('chords', () => {
  it('know Ctrl and ⌘ as one, and Shift', () => {
    expect(pressName(press({ ctrlKey: true, code: 'KeyK' }), true)).toBe('Mod+KeyK')
    expect(pressName(press({ metaKey: true, code: 'KeyK' }), true)).toBe('Mod+KeyK')
    expect(pressName(press({ altKey: true, shiftKey: true }), true)).toBe('Alt+Shift+KeyT')
    expect(pressName(press({ altKey: true, repeat: true }), true)).toBeNull()
    expect(pressName(press({}), false)).toBeNull()
  })

  it('wait while only a modifier is down, and refuse AltGr and single keys at once', () => {
    expect(pressed(press({ key: 'Alt', altKey: true }))).toBeNull()
    expect(pressed(press({ altKey: true, ctrlKey: true }))).toEqual({ refused: { why: 'altGr' } })
    expect(pressed(press({}))).toEqual({ refused: { why: 'bare' } })
    expect(pressed(press({ altKey: true }))).toEqual({ chord: 'Alt+KeyT' })
  })

  it.each(['Alt+KeyD', 'Alt+KeyF', 'Alt+F4', 'Mod+KeyT', 'Mod+KeyA', 'Mod+Shift+KeyN', 'Alt+Tab', 'Alt+ArrowLeft'])(
    'leave %s to the browser',
    chord => {
      expect(refusal('note', chord, keymapWith({}))).toEqual({ why: 'browser' })
    },
  )

  it('belong to one command at a time', () => {
    expect(refusal('note', 'Alt+KeyT', keymapWith({}))).toEqual({ why: 'taken', by: 'takeOver' })
    expect(refusal('note', 'Alt+KeyT', keymapWith({ takeOver: 'Alt+KeyQ' }))).toBeNull()
    expect(refusal('note', '?', keymapWith({}))).toEqual({ why: 'bare' })
  })

  it('are those that came with the product where a change is not sound', () => {
    const own = keymapWith({})
    expect(keymapWith({ note: 'Ctrl+Alt+KeyE' })).toEqual(own)
    expect(keymapWith({ note: 'Alt+KeyT' })).toEqual(own)
    expect(keymapWith({ help: null }).help).toBeNull()
    const swapped = keymapWith({ takeOver: 'Alt+KeyV', handBack: 'Alt+KeyT' })
    expect([swapped.takeOver, swapped.handBack]).toEqual(['Alt+KeyV', 'Alt+KeyT'])
  })

  it('are shown as they stand on the keys', () => {
    expect(keyNames('Alt+Shift+KeyT', false, 'Mayús')).toEqual(['Alt', 'Mayús', 'T'])
    expect(keyNames('Mod+KeyK', true, 'Shift')).toEqual(['⌘', 'K'])
  })
})

describe('what the open screen can do', () => {
  it('is asked of the latest screen, then of what always holds', () => {
    const done: string[] = []
    const registry = new Registry(() => 0)
    registry.add(() => ({ next: () => done.push('page') }))
    registry.add(() => ({ next: () => done.push('frame'), booking: () => done.push('board') }), true)
    registry.run('next')
    registry.run('booking')
    expect(registry.run('note')).toBe(false)
    expect(done).toEqual(['page', 'board'])
    expect(registry.available()).toEqual(['next'])
  })

  it('acts on a call once a second, and moves as often as asked', () => {
    let now = 0
    let mutes = 0
    let steps = 0
    const registry = new Registry(() => now)
    const leave = registry.add(() => ({ mute: () => mutes++, next: () => steps++ }))
    for (const at of [0, 10, PAUSE - 1, PAUSE, PAUSE + 5]) {
      now = at
      registry.run('mute')
      registry.run('next')
    }
    expect([mutes, steps]).toEqual([2, 5])
    leave()
    expect(registry.run('mute')).toBe(false)
  })
})

describe('the command bar', () => {
  const entry = (id: string, group: string, label: string, words?: string) => ({ id, group, label, words })
  const places = [
    entry('deposits', 'go', 'Señas'),
    entry('rooms', 'go', 'Sala'),
    entry('bookings', 'go', 'Reservas'),
    entry('confirm', 'here', 'Confirmar la seña abierta'),
    entry('ana', 'people', 'Ana Suárez', '+5493415550101'),
  ]
  const ids = (query: string, recent: string[] = []) => ranked(places, query, recent).map(each => each.id)

  it('finds without accents or case, by any word, all of them', () => {
    expect(ids('senas')).toEqual(['deposits'])
    expect(ids('SUAREZ ana')).toEqual(['ana'])
    expect(ids('5550101')).toEqual(['ana'])
    expect(ids('ana reservas')).toEqual([])
  })

  it('puts first what begins so, and what was chosen lately among equals', () => {
    expect(ids('sen')).toEqual(['deposits', 'confirm'])
    expect(ids('s')[0]).toBe('deposits')
    expect(ids('s', ['rooms'])[0]).toBe('rooms')
  })

  it('takes what is typed for words, never for a pattern', () => {
    expect(ids('.*')).toEqual([])
    expect(ids('(')).toEqual([])
  })

  it('remembers the last few, each once', () => {
    expect(remembered(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c'])
    expect(remembered(['a', 'b', 'c'], 'd', 2)).toEqual(['d', 'a'])
  })
})
