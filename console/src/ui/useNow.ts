// The present moment, renewed together for everybody who counts seconds or minutes.

import { useSyncExternalStore } from 'react'
import { serverNow } from '../api/clock'

function ticker(every: number) {
  let now = serverNow()
  let timer: ReturnType<typeof setInterval> | null = null
  const watchers = new Set<() => void>()
  const watch = (watcher: () => void) => {
    watchers.add(watcher)
    timer ??= setInterval(() => {
      now = serverNow()
      for (const each of watchers) each()
    }, every)
    return () => {
      watchers.delete(watcher)
      if (watchers.size === 0 && timer) {
        clearInterval(timer)
        timer = null
      }
    }
  }
  const read = () => {
    if (timer === null && Math.abs(serverNow() - now) > every) now = serverNow()
    return now
  }
  return { watch, read }
}

const seconds = ticker(1_000)
const minutes = ticker(30_000)

export function useSecond(): number {
  return useSyncExternalStore(seconds.watch, seconds.read)
}

export function useMinute(): number {
  return useSyncExternalStore(minutes.watch, minutes.read)
}
