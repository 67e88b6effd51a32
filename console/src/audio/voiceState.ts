// The agent's own audio as a state machine: what happened goes in, the next state and what to do about it come out.
// Pure; agentVoice.ts does what is asked here.

import type { MicrophoneTrouble } from './microphone'

export type Transport = 'webrtc' | 'websocket'

export type VoiceTrouble = 'busy' | 'insecure' | 'unsupported' | 'refused' | 'line'

export type VoiceState =
  | { name: 'idle'; elsewhere: boolean }
  | { name: 'asking' }
  | { name: 'connecting'; by: Transport; tries: number }
  | { name: 'on'; by: Transport }
  | { name: 'reconnecting'; by: Transport; tries: number }
  | { name: 'denied' }
  | { name: 'missing' }
  | { name: 'failed'; why: VoiceTrouble }

export type VoiceEvent =
  | { type: 'wanted' }
  | { type: 'off' }
  /** The same person's audio was switched on in another window or device. */
  | { type: 'elsewhere' }
  | { type: 'microphone'; by: Transport }
  | { type: 'trouble'; trouble: MicrophoneTrouble }
  | { type: 'connected' }
  | { type: 'lost' }
  | { type: 'refused' }

export type Effect =
  | { do: 'open_microphone' }
  /** Lets go of the connection there is, and makes one after so many ms. */
  | { do: 'connect'; by: Transport; after: number }
  | { do: 'close' }

export type Step = { state: VoiceState; effects: Effect[] }

export const IDLE: VoiceState = { name: 'idle', elsewhere: false }

/** How long WebRTC may take before the WebSocket is tried instead. */
export const WEBRTC_PATIENCE = 4_000

const FIRST_TRIES = 4
const LATER_TRIES = 24

export function step(state: VoiceState, event: VoiceEvent): Step {
  switch (event.type) {
    case 'wanted':
      return wanted(state)
    case 'off':
      return ended(IDLE)
    case 'elsewhere':
      return isAlive(state) ? ended({ name: 'idle', elsewhere: true }) : same(state)
    case 'microphone':
      if (state.name !== 'asking') return same(state)
      return connecting({ name: 'connecting', by: event.by, tries: 0 }, 0)
    case 'trouble':
      return state.name === 'idle' ? same(state) : ended(troubled(event.trouble))
    case 'connected':
      if (state.name !== 'connecting' && state.name !== 'reconnecting') return same(state)
      return { state: { name: 'on', by: state.by }, effects: [] }
    case 'lost':
      return lost(state)
    case 'refused':
      return isAlive(state) ? ended({ name: 'failed', why: 'refused' }) : same(state)
  }
}

export function isAlive(state: VoiceState): boolean {
  return state.name === 'connecting' || state.name === 'on' || state.name === 'reconnecting'
}

/** Half a second, then doubling; both ways of connecting are tried before each wait. */
export function waitBefore(tries: number): number {
  const rounds = Math.floor(tries / 2)
  return tries % 2 === 1 || rounds === 0 ? 0 : Math.min(15_000, 500 * 2 ** (rounds - 1))
}

function wanted(state: VoiceState): Step {
  if (state.name === 'reconnecting') return connecting({ ...state, tries: 0 }, 0)
  if (isAlive(state) || state.name === 'asking') return same(state)
  return { state: { name: 'asking' }, effects: [{ do: 'open_microphone' }] }
}

function lost(state: VoiceState): Step {
  if (state.name === 'on') return connecting({ name: 'reconnecting', by: state.by, tries: 0 }, 0)
  if (state.name !== 'connecting' && state.name !== 'reconnecting') return same(state)
  const tries = state.tries + 1
  if (tries >= (state.name === 'connecting' ? FIRST_TRIES : LATER_TRIES)) return ended({ name: 'failed', why: 'line' })
  return connecting({ ...state, by: other(state.by), tries }, waitBefore(tries))
}

function connecting(state: Extract<VoiceState, { by: Transport }>, after: number): Step {
  return { state, effects: [{ do: 'connect', by: state.by, after }] }
}

function other(by: Transport): Transport {
  return by === 'webrtc' ? 'websocket' : 'webrtc'
}

function troubled(trouble: MicrophoneTrouble): VoiceState {
  return trouble === 'denied' || trouble === 'missing' ? { name: trouble } : { name: 'failed', why: trouble }
}

function ended(state: VoiceState): Step {
  return { state, effects: [{ do: 'close' }] }
}

function same(state: VoiceState): Step {
  return { state, effects: [] }
}
