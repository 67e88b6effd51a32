// Names of key presses, and which of them may be a shortcut. Pure. Told apart by the place of the key, so that every
// layout works. Never Ctrl+Alt, which is AltGr where Spanish is typed. `Mod` is Ctrl, or ⌘ on a Mac.

import { COMMANDS, type CommandId } from './commands'

export type Press = {
  code: string
  key: string
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  repeat: boolean
}

export type Keymap = Record<CommandId, string | null>
export type Changes = Partial<Keymap>

export type Refusal = { why: 'altGr' | 'browser' | 'bare' } | { why: 'taken'; by: CommandId }

const MODIFIERS = new Set(['Alt', 'AltGraph', 'Control', 'Meta', 'Shift', 'OS', 'Dead', 'CapsLock'])
const CHORD = /^(Alt|Alt\+Shift|Mod)\+(Key[A-Z]|Digit\d|F\d{1,2})$/
/** Windows, browsers and screen readers have these, and a page does not always hear of them. */
const BROWSERS = new Set(['Alt+KeyD', 'Alt+KeyF', 'Alt+F4', 'Alt+Shift+KeyT', 'Alt+Shift+KeyB', 'Alt+Shift+KeyA'])
const FREE_WITH_MOD = new Set(['Mod+KeyK'])

/** "Alt+KeyT", "Alt+Shift+KeyT", "Mod+KeyK", "?" or null. A single character counts only outside of fields. */
export function pressName(press: Press, inField: boolean): string | null {
  return press.repeat ? null : chordOf(press, inField)
}

function chordOf(press: Press, inField: boolean): string | null {
  if (MODIFIERS.has(press.key)) return null
  const mod = press.ctrlKey || press.metaKey
  if (mod && press.altKey) return null
  const shift = press.shiftKey ? 'Shift+' : ''
  if (mod) return `Mod+${shift}${press.code}`
  if (press.altKey) return `Alt+${shift}${press.code}`
  return press.key === '?' && !inField ? '?' : null
}

/** What was pressed while a new shortcut is waited for; null while only modifiers are down. */
export function pressed(press: Press): { chord: string } | { refused: Refusal } | null {
  if (MODIFIERS.has(press.key)) return null
  if ((press.ctrlKey || press.metaKey) && press.altKey) return { refused: { why: 'altGr' } }
  const chord = chordOf(press, false)
  return chord === null ? { refused: { why: 'bare' } } : { chord }
}

/** Why `chord` cannot be the shortcut of `id`, or null. */
export function refusal(id: CommandId, chord: string, keymap: Keymap): Refusal | null {
  if (chord === '?') {
    if (id !== 'help') return { why: 'bare' }
  } else {
    if (chord.startsWith('Mod+') && !FREE_WITH_MOD.has(chord)) return { why: 'browser' }
    if (!CHORD.test(chord) || BROWSERS.has(chord)) return { why: 'browser' }
  }
  const by = COMMANDS.find(command => command.id !== id && keymap[command.id] === chord)
  return by ? { why: 'taken', by: by.id } : null
}

/** The chords that came with the product, with what somebody changed. A change that is not sound is left out. */
export function keymapWith(changes: Changes): Keymap {
  const changed = COMMANDS.filter(({ id }) => id in changes)
  const keymap = Object.fromEntries(COMMANDS.map(({ id, chord }) => [id, id in changes ? null : chord])) as Keymap
  for (const { id, chord: own } of changed) {
    const wanted = [changes[id], own].find(
      chord => chord === null || (typeof chord === 'string' && refusal(id, chord, keymap) === null),
    )
    keymap[id] = wanted ?? null
  }
  return keymap
}

/** As it stands on the keys: ["Alt", "T"]. */
export function keyNames(chord: string, mac: boolean, shift: string): string[] {
  return chord.split('+').map(part => {
    if (part === 'Mod') return mac ? '⌘' : 'Ctrl'
    if (part === 'Alt') return mac ? '⌥' : 'Alt'
    if (part === 'Shift') return shift
    return part.replace(/^(Key|Digit)/, '')
  })
}
