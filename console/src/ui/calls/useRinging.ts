// Makes a call that rings for this person heard and felt, on whatever page they are.

import { useEffect } from 'react'
import { chime } from '../../audio/chime'

const EVERY = 3_000

export function useRinging(ringing: boolean, speaker: string): void {
  useEffect(() => {
    if (!ringing) return
    const ring = () => {
      chime('ring', speaker)
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([180, 90, 180])
    }
    ring()
    const timer = setInterval(ring, EVERY)
    return () => {
      clearInterval(timer)
      navigator.vibrate?.(0)
    }
  }, [ringing, speaker])
}
