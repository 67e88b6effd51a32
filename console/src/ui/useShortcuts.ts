// The keyboard: a press is looked up in the shortcuts of whoever is signed in and goes to the screen that can do it.
// Silent while a dialog asks something.

import { useEffect, useRef } from 'react'
import { pressName } from './commands/chords'
import { COMMANDS } from './commands/commands'
import { currentKeymap } from './commands/keymap'
import { type Handlers, registry } from './commands/registry'

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

function onKey(event: KeyboardEvent): void {
  const name = pressName(event, isField(event.target))
  if (name === null || document.querySelector('[role="dialog"]:not([data-beside])')) return
  const keymap = currentKeymap()
  const command = COMMANDS.find(each => keymap[each.id] === name)
  if (command && registry.run(command.id)) event.preventDefault()
}

let listening = 0

/** What this screen does for a command; `base`: unless another screen does. */
export function useShortcuts(handlers: Handlers, base = false): void {
  const latest = useRef(handlers)
  latest.current = handlers
  useEffect(() => {
    if (listening === 0) window.addEventListener('keydown', onKey)
    listening += 1
    const remove = registry.add(() => latest.current, base)
    return () => {
      remove()
      listening -= 1
      if (listening === 0) window.removeEventListener('keydown', onKey)
    }
  }, [base])
}
