// The shortcuts of whoever is signed in, kept in this browser under their own name.

import { useSyncExternalStore } from 'react'
import { texts } from '../../texts'
import { type Changes, type Keymap, keymapWith, keyNames } from './chords'
import { COMMANDS, type CommandId } from './commands'

const KEPT = 'relevo.keys.'

let owner = ''
let changes: Changes = {}
let keymap: Keymap = keymapWith({})
const listeners = new Set<() => void>()

/** Reads what `staff` keeps in this browser. */
export function keysOf(staff: string): void {
  if (staff === owner) return
  owner = staff
  adopt(read())
}

export function currentKeymap(): Keymap {
  return keymap
}

export function isChanged(id: CommandId): boolean {
  return id in changes
}

/** Gives `id` another chord, none (null), or back the one it came with (undefined). */
export function setChord(id: CommandId, chord: string | null | undefined): void {
  const { [id]: _before, ...others } = changes
  const own = COMMANDS.find(command => command.id === id)?.chord
  adopt(chord === undefined || chord === own ? others : { ...others, [id]: chord })
  keep()
}

export function resetAll(): void {
  adopt({})
  keep()
}

export function useKeymap(): Keymap {
  return useSyncExternalStore(subscribe, currentKeymap)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function adopt(next: Changes): void {
  changes = next
  keymap = keymapWith(next)
  for (const listener of listeners) listener()
}

function read(): Changes {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT + owner) ?? '{}')
    return typeof found === 'object' && found !== null ? (found as Changes) : {}
  } catch {
    return {}
  }
}

function keep(): void {
  try {
    localStorage.setItem(KEPT + owner, JSON.stringify(changes))
  } catch {
    // A browser that keeps nothing has the change until the page is left.
  }
}

const MAC = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.userAgent)

export function namesOf(chord: string): string[] {
  return keyNames(chord, MAC, texts.keys.shift)
}

/** What controls say beside their name, and to assistive technology; nothing where a command has no shortcut. */
export function useShortcutNames(): (id: CommandId | undefined) => string | undefined {
  const keymap = useKeymap()
  return id => {
    const chord = id === undefined ? null : keymap[id]
    return chord === null ? undefined : namesOf(chord).join('+')
  }
}

export function withShortcut(label: string, shortcut: string | undefined): string {
  return shortcut ? `${label} (${shortcut})` : label
}
