import { useEffect, useRef, useState } from 'react'
import { Delayed, type Pending } from './delayed'

const SECONDS = 6

/** `run` is told whether the page is being left, when only a request that outlives it arrives. */
export function useDelayed<T>(run: (wish: T, leaving: boolean) => void) {
  const latest = useRef(run)
  latest.current = run
  const [pending, setPending] = useState<Pending<T> | null>(null)
  const made = useRef<Delayed<T> | null>(null)
  made.current ??= new Delayed<T>((wish, leaving) => latest.current(wish, leaving), setPending, SECONDS)
  const delayed = made.current
  useEffect(() => {
    const leave = () => delayed.flush(true)
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      delayed.flush()
    }
  }, [delayed])
  return { pending, want: (wish: T) => delayed.want(wish), undo: () => delayed.undo() }
}
