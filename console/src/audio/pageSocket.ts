// A visitor's call over a WebSocket, for networks that let no UDP through: the media protocol, with captions.

import { makeLine, type SoundLine } from './line'
import * as protocol from './mediaStream'

export type SocketListener = {
  onLive: () => void
  onCaption: (caption: protocol.Caption) => void
  onEnd: (why: 'finished' | 'line' | 'refused') => void
}

const NORMAL = 1000

export class PageSocket {
  private readonly streamSid = protocol.sid('MZ', crypto.getRandomValues(new Uint8Array(16)))
  private readonly callSid = protocol.sid('CA', crypto.getRandomValues(new Uint8Array(16)))
  private readonly socket: WebSocket
  private line: SoundLine | null = null
  private chunk = 0
  private heard = false
  private over = false

  constructor(
    session: { id: string; token: string },
    context: AudioContext,
    stream: MediaStream,
    private readonly listener: SocketListener,
  ) {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
    this.socket = new WebSocket(`${scheme}//${location.host}/browser-call`)
    this.socket.onopen = () => void this.begin(session, context, stream)
    this.socket.onmessage = event => this.receive(event.data)
    this.socket.onclose = event => {
      if (!this.heard) this.end('refused')
      else this.end(event.code === NORMAL ? 'finished' : 'line')
    }
  }

  close(leaving: boolean): void {
    if (leaving) this.put(protocol.stop(this.streamSid))
    this.release()
  }

  private async begin(session: { id: string; token: string }, context: AudioContext, stream: MediaStream) {
    const line = await makeLine(context, {
      onFrame: bytes => {
        this.chunk += 1
        this.put(protocol.media(this.streamSid, this.chunk, bytes))
      },
      onMark: name => this.put(protocol.mark(this.streamSid, name)),
    }).catch(() => null)
    if (this.over || !line) {
      line?.close()
      this.end('line')
      return
    }
    this.line = line
    this.put(protocol.connected())
    this.put(protocol.start(this.streamSid, this.callSid, { token: session.token, session: session.id }))
    line.listenTo(stream)
    this.listener.onLive()
  }

  private receive(data: unknown): void {
    const message = protocol.understand(data)
    if (!message) return
    this.heard = true
    if (message.event === 'media') this.line?.play(message.bytes)
    else if (message.event === 'mark') this.line?.mark(message.name)
    else if (message.event === 'clear') this.line?.clear()
    else if (message.event === 'caption') this.listener.onCaption(message.caption)
    else this.end('finished')
  }

  private put(text: string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text)
  }

  private end(why: 'finished' | 'line' | 'refused'): void {
    if (this.over) return
    this.release()
    this.listener.onEnd(why)
  }

  private release(): void {
    this.over = true
    this.socket.onclose = null
    this.socket.onmessage = null
    this.socket.close(NORMAL)
    this.line?.close()
  }
}
