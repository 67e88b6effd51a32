// The state of the audio in words. Pure.

import type { VoiceState } from '../../audio/voiceState'
import { texts } from '../../texts'

export type VoiceTone = 'off' | 'busy' | 'on' | 'trouble'

export function voiceTone(state: VoiceState): VoiceTone {
  if (state.name === 'on') return 'on'
  if (state.name === 'idle') return 'off'
  return state.name === 'asking' || state.name === 'connecting' || state.name === 'reconnecting' ? 'busy' : 'trouble'
}

export function voiceWord(state: VoiceState, muted: boolean): string {
  if (state.name === 'idle' && state.elsewhere) return texts.voice.elsewhere
  if (state.name === 'on' && muted) return texts.voice.muted
  return texts.voice.states[state.name]
}

export function isPhone(agent: string, touchPoints: number): boolean {
  return /Android|iPhone|iPod|Mobile/.test(agent) || (agent.includes('Macintosh') && touchPoints > 2)
}
