// A new call begins with an open microphone, and what the server says about being silent holds here too. Never the other
// way round: a microphone that was closed here is not opened by news.

import { useEffect } from 'react'
import { isMine, voiceOf } from '../../api/callState'
import type { Call } from '../../api/schema'
import { useVoice } from '../voice/voice-context'

export function useMuteSync(present: Call | null, meId: string): void {
  const voice = useVoice()
  const id = present?.id
  const muted = present !== null && isMine(present, meId) && voiceOf(present).muted
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of call that opens the microphone
  useEffect(() => voice.mute(false), [voice, id])
  useEffect(() => {
    if (muted) voice.mute(true)
  }, [voice, muted])
}
