// Signalling of a visitor's call over WebRTC, with the rights of their web chat session.

import { call } from './client'
import type { VoiceInfo } from './schema'
import type { Answer, Signalling } from './voice'

const PATH = '/browser-call/webrtc'
const NOTHING: VoiceInfo = { connected: false, name: null, call_id: null, ice_servers: [], webrtc: true, codecs: [] }

export function pageSignalling(session: { id: string; token: string }): Signalling {
  const rights = { session: session.id, token: session.token }
  const put = async <T>(path: string, body: object) =>
    (await call<T>(path, { method: 'POST', body: { ...rights, ...body } })).data
  return {
    info: () => Promise.resolve(NOTHING),
    offer: sdp => put<Answer>(PATH, { sdp }),
    candidate: (id, candidate) => put(`${PATH}/${encodeURIComponent(id)}/candidates`, { candidate }),
    // The end of the connection says it: there is no other farewell for visitors.
    goodbye: () => Promise.resolve(),
  }
}
