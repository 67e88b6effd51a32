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

/**
 * Whoever had the audio on finds it on again: at once where the microphone may be used without asking, or else at the
 * first click or key. What browsers do not let sound before that is let out then.
 */
export function useRememberedVoice(wanted: boolean): void {
  const voice = useVoice()
  useEffect(() => {
    if (!wanted || !voice.view.settings.on) return
    const { state } = voice.view
    let over = false
    const start = () => {
      if (!over && voice.view.state === state && state.name === 'idle' && !state.elsewhere) voice.turnOn()
    }
    const touched = () => {
      leave()
      start()
      voice.unlock()
    }
    const leave = () => {
      window.removeEventListener('pointerdown', touched)
      window.removeEventListener('keydown', touched)
    }
    window.addEventListener('pointerdown', touched)
    window.addEventListener('keydown', touched)
    void mayUseMicrophone().then(may => (may ? start() : undefined))
    return () => {
      over = true
      leave()
    }
  }, [voice, wanted])
}

async function mayUseMicrophone(): Promise<boolean> {
  if (navigator.userActivation?.hasBeenActive) return true
  try {
    return (await navigator.permissions.query({ name: 'microphone' as PermissionName })).state === 'granted'
  } catch {
    return false
  }
}
