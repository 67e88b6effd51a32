// What this browser remembers of the agent's audio: whether to switch it on, and with which devices. Works without
// storage, then for as long as the page lives.

export type VoiceSettings = { on: boolean; microphone: string; speaker: string }

type Store = Pick<Storage, 'getItem' | 'setItem'>

const KEY = 'relevo.voice'
const NONE: VoiceSettings = { on: false, microphone: '', speaker: '' }

export function readSettings(store: Store | null): VoiceSettings {
  try {
    const saved = JSON.parse(store?.getItem(KEY) ?? 'null') as Partial<VoiceSettings> | null
    return {
      on: saved?.on === true,
      microphone: typeof saved?.microphone === 'string' ? saved.microphone : '',
      speaker: typeof saved?.speaker === 'string' ? saved.speaker : '',
    }
  } catch {
    return NONE
  }
}

export function writeSettings(store: Store | null, settings: VoiceSettings): void {
  try {
    store?.setItem(KEY, JSON.stringify(settings))
  } catch {
    return
  }
}

export function browserStore(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
