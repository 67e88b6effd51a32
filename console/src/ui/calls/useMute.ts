// Silencing oneself: here at once, so that nothing more leaves the room, and at the server, which tells the others.

import { isMine, voiceOf } from '../../api/callState'
import { useCallCommand } from '../../api/calls'
import type { Call } from '../../api/schema'
import { useMe } from '../../api/session'
import { useVoice, useVoiceView } from '../voice/voice-context'

export function useMute(call: Call | null) {
  const me = useMe()
  const voice = useVoice()
  const view = useVoiceView()
  const command = useCallCommand(call)
  const muted = call !== null && ((isMine(call, me.id) && voiceOf(call).muted) || view.muted)
  return {
    muted,
    busy: command.busy,
    error: command.error,
    toggle: () => {
      if (command.run({ path: 'mute', body: { on: !muted } })) voice.mute(!muted)
    },
  }
}
