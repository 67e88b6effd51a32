// A colleague who asks for help is heard in the supervisor's headset, once per call for help.

import { useEffect, useRef } from 'react'
import type { Call } from '../../api/schema'
import { chime } from '../../audio/chime'

export function useHelpAlert(calls: readonly Call[], wanted: boolean, speaker: string): void {
  const known = useRef<Set<string> | null>(null)
  useEffect(() => {
    if (!wanted) return
    const asked = calls.flatMap(call => (call.voice?.help ? [`${call.id} ${call.voice.help.at}`] : []))
    const before = known.current
    known.current = new Set(asked)
    if (before && asked.some(help => !before.has(help))) chime('help', speaker)
  }, [calls, wanted, speaker])
}
