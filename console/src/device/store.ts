// A value that changes outside of React, and who wants to know.

export type Store<T> = { get: () => T; set: (next: T) => void; subscribe: (changed: () => void) => () => void }

export function store<T>(first: T): Store<T> {
  let value = first
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: next => {
      if (Object.is(next, value)) return
      value = next
      for (const changed of [...listeners]) changed()
    },
    subscribe: changed => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
}
