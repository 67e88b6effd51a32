// The agent's voice over WebRTC: offer, trickled candidates, PCMU first because that is what the telephone speaks.

import { ApiError } from '../api/client'
import type { IceServer } from '../api/schema'
import type { Candidate, Signalling } from '../api/voice'
import { type LinkParts, toSpeaker, type VoiceLink } from './agentLink'
import { type Counts, countsOf, qualityOf } from './quality'
import { WEBRTC_PATIENCE } from './voiceState'

type Codec = { mimeType: string }

/** PCMU, then Opus, then what else there is (telephone keys). Pure. */
export function preferPcmu<T extends Codec>(codecs: readonly T[]): T[] {
  const rank = (codec: T) => ['audio/pcmu', 'audio/opus'].indexOf(codec.mimeType.toLowerCase()) >>> 0
  return [...codecs].sort((a, b) => rank(a) - rank(b))
}

export function webrtcLink(parts: LinkParts, server: Signalling, iceServers: IceServer[]): VoiceLink {
  const { listener, kept } = parts
  const peer = new RTCPeerConnection({ iceServers: iceServers as RTCIceServer[] })
  const speaker = new Audio()
  const waiting: Candidate[] = []
  let id: string | null = null
  let over = false
  let connected = false
  let counts: Counts | null = null

  const release = () => {
    if (over) return false
    over = true
    clearTimeout(patience)
    peer.onconnectionstatechange = null
    peer.onicecandidate = null
    peer.close()
    speaker.srcObject = null
    return true
  }
  const fail = (tell: () => void) => {
    if (release()) tell()
  }
  const lost = async () => {
    const known = id
    if (!release()) return
    const replaced = connected && known !== null && (await isReplaced(server, known))
    if (replaced) listener.onReplaced()
    else listener.onLost()
  }
  const patience = setTimeout(() => fail(listener.onLost), WEBRTC_PATIENCE)
  const trickle = (candidate: Candidate) => {
    if (id === null) waiting.push(candidate)
    else void server.candidate(id, candidate).catch(() => null)
  }

  toSpeaker(speaker, parts.speaker)
  peer.onicecandidate = event => trickle(event.candidate ? event.candidate.toJSON() : null)
  peer.ontrack = event => {
    event.receiver.jitterBufferTarget = 40
    speaker.srcObject = new MediaStream([event.track])
    void speaker.play().catch(() => null)
  }
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === 'connected') {
      clearTimeout(patience)
      connected = true
      listener.onConnected()
    } else if (['disconnected', 'failed', 'closed'].includes(peer.connectionState)) void lost()
  }
  if (parts.onText) {
    const { onText } = parts
    peer.createDataChannel('texts').onmessage = event => onText(event.data)
  }
  const track = parts.stream.getAudioTracks()[0]
  const transceiver = peer.addTransceiver(track ?? 'audio', { direction: 'sendrecv' })
  const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? []
  if (codecs.length > 0) transceiver.setCodecPreferences?.(preferPcmu(codecs))

  const negotiate = async () => {
    await peer.setLocalDescription(await peer.createOffer())
    const answer = await server.offer(peer.localDescription?.sdp ?? '', kept.id)
    id = answer.id
    kept.id = id
    if (over) return
    for (const candidate of waiting.splice(0)) trickle(candidate)
    await peer.setRemoteDescription({ type: 'answer', sdp: answer.sdp })
    // A server that hangs up says so here at once; the connection itself would notice only seconds later.
    const { transport } = transceiver.sender
    if (transport) {
      transport.onstatechange = () => {
        if (transport.state === 'closed' || transport.state === 'failed') void lost()
      }
    }
  }
  negotiate().catch(error => fail(isRefusal(error) ? listener.onRefused : listener.onLost))

  return {
    hearFrom: stream => void transceiver.sender.replaceTrack(stream.getAudioTracks()[0] ?? null),
    playOn: deviceId => toSpeaker(speaker, deviceId),
    unlock: () => {
      if (speaker.srcObject && speaker.paused) void speaker.play().catch(() => null)
    },
    quality: async () => {
      if (over) return null
      const now = countsOf((await peer.getStats()).values() as Iterable<{ type: string }>)
      const before = counts ?? now
      counts = now
      return qualityOf(before, now)
    },
    close: leaving => {
      if (release() && leaving && id !== null) void server.goodbye(id).catch(() => null)
    },
  }
}

/** The server has let go of this connection and yet has a voice of this person: it is another window's or device's. */
async function isReplaced(server: Signalling, id: string): Promise<boolean> {
  try {
    if (!(await server.info()).connected) return false
    await server.candidate(id, null)
    return false
  } catch (error) {
    return error instanceof ApiError && error.status === 404
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 403)
}
