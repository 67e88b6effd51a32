// Keeps the screen on while a call is on: a phone that locks cuts the sound. Where the browser cannot, nothing happens.

import { useEffect } from 'react'

export function useWakeLock(wanted: boolean): void {
  useEffect(() => {
    if (!wanted || !('wakeLock' in navigator)) return
    let held: WakeLockSentinel | null = null
    let over = false
    const hold = () => {
      if (document.visibilityState !== 'visible') return
      navigator.wakeLock
        .request('screen')
        .then(lock => {
          if (over) void lock.release()
          else held = lock
        })
        .catch(() => null)
    }
    hold()
    document.addEventListener('visibilitychange', hold)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', hold)
      void held?.release()
    }
  }, [wanted])
}
