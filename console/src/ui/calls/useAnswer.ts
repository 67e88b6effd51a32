// Answering a call that rings, or turning it down.

import { useCallCommand } from '../../api/calls'
import type { Call } from '../../api/schema'
import { useVoice } from '../voice/voice-context'
import { whyNot } from './useTakeCall'

export function useAnswer(call: Call | null) {
  const voice = useVoice()
  const command = useCallCommand(call)
  return {
    busy: command.busy,
    error: command.error ? whyNot(command.error) : null,
    answer: (accept: boolean, done?: () => void) => {
      if (accept) voice.mute(false)
      command.run({ path: 'answer', body: { accept } }, done)
    },
  }
}
