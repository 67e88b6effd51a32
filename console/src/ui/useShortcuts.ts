// Keyboard: Alt and a letter, told apart by the place of the key so that every layout works. Never Ctrl+Alt, which is
// AltGr where Spanish is typed. A single character (?) counts only when no field has the focus.

import { useEffect, useRef } from 'react'

export type Shortcuts = { [code: string]: (() => void) | undefined }

export type Press = { code: string; key: string; altKey: boolean; ctrlKey: boolean; metaKey: boolean; repeat: boolean }

/** The name under which a press is looked up: "Alt+KeyT", "?" or null. */
export function pressName(press: Press, inField: boolean): string | null {
  if (press.ctrlKey || press.metaKey || press.repeat) return null
  if (press.altKey) return `Alt+${press.code}`
  return press.key === '?' && !inField ? '?' : null
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (document.querySelector('[role="dialog"]:not([data-beside])')) return
      const name = pressName(event, isField(event.target))
      const act = name === null ? undefined : latest.current[name]
      if (!act) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
