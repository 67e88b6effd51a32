// Gives components the agent's own audio and what can be seen of it.

import { createContext, useContext, useEffect, useSyncExternalStore } from 'react'
import type { AgentVoice, VoiceView } from '../../audio/agentVoice'

export const VoiceContext = createContext<AgentVoice | null>(null)

export function useVoice(): AgentVoice {
  const voice = useContext(VoiceContext)
  if (!voice) throw new Error('VoiceContext is missing')
  return voice
}

export function useVoiceView(): VoiceView {
  const voice = useVoice()
  return useSyncExternalStore(voice.watch, () => voice.view)
}

/** Whoever had the audio on finds it on again: at the first click or key, before which browsers keep a page silent. */
export function useRememberedVoice(wanted: boolean): void {
  const voice = useVoice()
  useEffect(() => {
    if (!wanted || !voice.view.settings.on || voice.view.state.name !== 'idle') return
    const start = () => {
      leave()
      if (voice.view.state.name === 'idle' && !voice.view.state.elsewhere) voice.turnOn()
    }
    const leave = () => {
      window.removeEventListener('pointerdown', start)
      window.removeEventListener('keydown', start)
    }
    if (navigator.userActivation?.hasBeenActive) start()
    else {
      window.addEventListener('pointerdown', start)
      window.addEventListener('keydown', start)
    }
    return leave
  }, [voice, wanted])
}
