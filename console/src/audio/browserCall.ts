// A call from the browser: opens the line and the socket, carries sound both ways and reports what happens.

import { type CallLine, openLine } from './line'
import * as protocol from './mediaStream'
import { MicrophoneError, type MicrophoneTrouble } from './microphone'

export type CallEnd = 'hung_up' | 'finished' | 'line' | 'refused' | MicrophoneTrouble

export type CallListener = {
  onState: (state: 'asking' | 'connecting' | 'live') => void
  onLevel: (level: number) => void
  onCaption: (caption: protocol.Caption) => void
  onEnd: (why: CallEnd) => void
}

const NORMAL = 1000

export class BrowserCall {
  private line: CallLine | null = null
  private socket: WebSocket | null = null
  private chunk = 0
  private ended = false
  private heard = false
  private readonly streamSid = protocol.sid('MZ', crypto.getRandomValues(new Uint8Array(16)))
  private readonly callSid = protocol.sid('CA', crypto.getRandomValues(new Uint8Array(16)))

  constructor(
    private readonly session: { id: string; token: string },
    private readonly listener: CallListener,
  ) {}

  async dial(): Promise<void> {
    this.listener.onState('asking')
    try {
      this.line = await openLine({
        onFrame: (bytes, level) => this.frame(bytes, level),
        onMark: name => this.put(protocol.mark(this.streamSid, name)),
        onLost: () => this.end('missing'),
      })
    } catch (error) {
      this.end(error instanceof MicrophoneError ? error.trouble : 'unsupported')
      return
    }
    if (this.ended) {
      this.line.close()
      return
    }
    this.listener.onState('connecting')
    this.connect()
  }

  mute(muted: boolean): void {
    this.line?.mute(muted)
  }

  hangUp(): void {
    this.put(protocol.stop(this.streamSid))
    this.end('hung_up')
  }

  private connect(): void {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(`${scheme}//${location.host}/browser-call`)
    this.socket = socket
    socket.onopen = () => {
      this.put(protocol.connected())
      this.put(protocol.start(this.streamSid, this.callSid, { token: this.session.token, session: this.session.id }))
      this.listener.onState('live')
    }
    socket.onmessage = event => this.receive(event.data)
    socket.onclose = event => {
      if (!this.heard) this.end('refused')
      else this.end(event.code === NORMAL ? 'finished' : 'line')
    }
  }

  private frame(bytes: Uint8Array, level: number): void {
    this.listener.onLevel(level)
    if (this.socket?.readyState !== WebSocket.OPEN) return
    this.chunk += 1
    this.put(protocol.media(this.streamSid, this.chunk, bytes))
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
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text)
  }

  private end(why: CallEnd): void {
    if (this.ended) return
    this.ended = true
    const socket = this.socket
    this.socket = null
    if (socket) {
      socket.onclose = null
      socket.onmessage = null
      socket.close(NORMAL)
    }
    this.line?.close()
    this.line = null
    this.listener.onEnd(why)
  }
}
