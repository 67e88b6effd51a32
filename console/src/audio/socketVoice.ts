// The agent's voice over a WebSocket, for networks that let no UDP through. The browser is the telephone of the media
// protocol; the sound goes through the same worklets as a call from the page.

import { type LinkParts, toSpeaker, type VoiceLink } from './agentLink'
import { makeLine, type SoundLine } from './line'
import * as protocol from './mediaStream'

const NORMAL = 1000
const REFUSED = [1008, 4401, 4403]
const REPLACED = 4409
/** Seconds of sound that may pile up before the oldest is dropped. */
const LATEST = 0.4
/** Bytes that may wait in the socket: about half a second. Beyond, a frame is better lost than late. */
const BACKLOG = 8_000

export function socketLink(parts: LinkParts): VoiceLink {
  const { listener, context } = parts
  const streamSid = protocol.sid('MZ', crypto.getRandomValues(new Uint8Array(16)))
  const callSid = protocol.sid('CA', crypto.getRandomValues(new Uint8Array(16)))
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(`${scheme}//${location.host}/agent-voice-stream`)
  let stream = parts.stream
  let line: SoundLine | null = null
  let chunk = 0
  let over = false

  const put = (text: string) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(text)
  }
  const finish = (tell: (() => void) | null, leaving = false) => {
    if (over) return
    over = true
    if (leaving) put(protocol.stop(streamSid))
    socket.onclose = null
    socket.close(NORMAL)
    line?.close()
    tell?.()
  }
  const frame = (bytes: Uint8Array) => {
    chunk += 1
    if (socket.bufferedAmount < BACKLOG) put(protocol.media(streamSid, chunk, bytes))
  }

  toSpeaker(context, parts.speaker)
  socket.onopen = () => {
    put(protocol.connected())
    put(protocol.start(streamSid, callSid, {}))
    makeLine(context, { onFrame: frame, onMark: name => put(protocol.mark(streamSid, name)) }, LATEST)
      .then(made => {
        line = made
        if (over) made.close()
        else {
          made.listenTo(stream)
          listener.onConnected()
        }
      })
      .catch(() => finish(listener.onLost))
  }
  socket.onmessage = event => {
    const message = protocol.understand(event.data)
    if (message?.event === 'media') line?.play(message.bytes)
    else if (message?.event === 'mark') line?.mark(message.name)
    else if (message?.event === 'clear') line?.clear()
    else if (message?.event === 'stop') finish(listener.onLost)
  }
  socket.onclose = event => {
    if (event.code === REPLACED) finish(listener.onReplaced)
    else finish(REFUSED.includes(event.code) ? listener.onRefused : listener.onLost)
  }

  return {
    hearFrom: fresh => {
      stream = fresh
      line?.listenTo(fresh)
    },
    playOn: deviceId => toSpeaker(context, deviceId),
    unlock: () => undefined,
    quality: () => Promise.resolve(null),
    close: leaving => finish(null, leaving),
  }
}
