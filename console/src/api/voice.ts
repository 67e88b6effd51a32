// Signalling of the staff's own voice: what the server offers, and the exchange that opens a WebRTC connection.

import { call, get, post } from './client'
import type { VoiceInfo } from './schema'

export type Answer = { id: string; sdp: string; type: 'answer' }

export type Candidate = RTCIceCandidateInit | null

export type Signalling = {
  info: () => Promise<VoiceInfo>
  /** `id`: of the connection that this one follows. */
  offer: (sdp: string, id: string | null) => Promise<Answer>
  candidate: (id: string, candidate: Candidate) => Promise<unknown>
  goodbye: (id: string) => Promise<unknown>
}

export const signalling: Signalling = {
  info: () => get<VoiceInfo>('/api/voice'),
  offer: (sdp, id) => post<Answer>('/api/voice/webrtc', { sdp, type: 'offer', ...(id === null ? {} : { id }) }),
  candidate: (id, candidate) => post(`${path(id)}/candidates`, { candidate }),
  goodbye: id => call(path(id), { method: 'DELETE', keepalive: true }),
}

function path(id: string): string {
  return `/api/voice/webrtc/${encodeURIComponent(id)}`
}
