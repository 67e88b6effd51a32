// What a connection of the agent's voice to the server is, whichever way it goes: WebRTC or WebSocket.

import type { Quality } from './quality'

export type LinkListener = {
  onConnected: () => void
  /** It ended or never came about. Said once; the link is of no more use. */
  onLost: () => void
  /** The server does not want this person's voice. Said instead of lost. */
  onRefused: () => void
  /** The server gave this person's voice to another window or device. Said instead of lost. */
  onReplaced: () => void
}

export type VoiceLink = {
  hearFrom: (stream: MediaStream) => void
  playOn: (deviceId: string) => void
  /** From a click: lets out the sound that the browser held back. */
  unlock: () => void
  quality: () => Promise<Quality | null>
  /** With `leaving` the server is told that this voice goes on purpose; without, another connection will follow. */
  close: (leaving: boolean) => void
}

export type LinkParts = {
  stream: MediaStream
  context: AudioContext
  speaker: string
  listener: LinkListener
  /** The server's name for this voice, kept from one WebRTC connection to the next so that it goes on as the same. */
  kept: { id: string | null }
  /** What the server writes beside the sound; WebRTC only. */
  onText?: (text: unknown) => void
}

/** Sends what plays to the chosen loudspeaker, where the browser can; where not, the usual one plays on. */
export function toSpeaker(target: object, deviceId: string): void {
  const able = target as { setSinkId?: (id: string) => Promise<void> }
  void able.setSinkId?.(deviceId).catch(() => null)
}
