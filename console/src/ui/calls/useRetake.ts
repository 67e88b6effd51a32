// Taking back the call that was lost with one's voice, with the voice.

import { useQueryClient } from '@tanstack/react-query'
import { setLostCall } from '../../api/lostCall'
import type { Call } from '../../api/schema'
import { useVoice } from '../voice/voice-context'
import { useTakeCall } from './useTakeCall'

export function useRetake(call: Call) {
  const cache = useQueryClient()
  const voice = useVoice()
  const lever = useTakeCall(call)
  return {
    busy: lever.busy,
    error: lever.error,
    retake: () => {
      if (voice.view.state.name !== 'on') voice.turnOn()
      lever.take()
    },
    letGo: () => setLostCall(cache, null),
  }
}
