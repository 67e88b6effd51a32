// A call from the browser: opens the microphone, then WebRTC, or a socket where that does not come about; carries sound
// both ways and reports what happens.

import { pageSignalling } from '../api/pageCall'
import type { VoiceLink } from './agentLink'
import { type Caption, understand } from './mediaStream'
import { Meter } from './meter'
import { MicrophoneError, type MicrophoneTrouble, openMicrophone, stopTracks } from './microphone'
import { PageSocket } from './pageSocket'
import { webrtcLink } from './webrtcVoice'

export type CallEnd = 'hung_up' | 'finished' | 'line' | 'refused' | MicrophoneTrouble

export type CallListener = {
  onState: (state: 'asking' | 'connecting' | 'live') => void
  onLevel: (level: number) => void
  onCaption: (caption: Caption) => void
  onEnd: (why: CallEnd) => void
}

const LOOK_EVERY = 50

export class BrowserCall {
  private context: AudioContext | null = null
  private stream: MediaStream | null = null
  private link: VoiceLink | PageSocket | null = null
  private timer: ReturnType<typeof setInterval> | undefined
  private live = false
  private ended = false

  constructor(
    private readonly session: { id: string; token: string },
    private readonly listener: CallListener,
  ) {}

  async dial(): Promise<void> {
    this.listener.onState('asking')
    // Made in the click that asked for the call: browsers start sound only from there.
    if (typeof AudioContext !== 'undefined') this.context = new AudioContext({ latencyHint: 'interactive' })
    try {
      this.stream = await openMicrophone()
    } catch (error) {
      this.end(error instanceof MicrophoneError ? error.trouble : 'unsupported')
      return
    }
    const { context, stream } = this
    if (this.ended || !context) {
      stopTracks(stream)
      return
    }
    await context.resume()
    const meter = new Meter(context)
    meter.listenTo(stream)
    this.timer = setInterval(() => this.listener.onLevel(meter.level()), LOOK_EVERY)
    for (const track of stream.getAudioTracks()) track.onended = () => this.end('missing')
    this.listener.onState('connecting')
    if (typeof RTCPeerConnection === 'undefined') this.overSocket(context, stream)
    else this.overWebrtc(context, stream)
  }

  mute(muted: boolean): void {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted
  }

  hangUp(): void {
    this.end('hung_up')
  }

  private overWebrtc(context: AudioContext, stream: MediaStream): void {
    const lost = () => {
      if (this.live) this.end('finished')
      else if (!this.ended) this.overSocket(context, stream)
    }
    this.link = webrtcLink(
      {
        stream,
        context,
        speaker: '',
        kept: { id: null },
        listener: {
          onConnected: () => this.begin(),
          onLost: lost,
          onRefused: () => this.end('refused'),
          onReplaced: lost,
        },
        onText: text => {
          const message = understand(text)
          if (message?.event === 'caption') this.listener.onCaption(message.caption)
        },
      },
      pageSignalling(this.session),
      [],
    )
  }

  private overSocket(context: AudioContext, stream: MediaStream): void {
    this.link = new PageSocket(this.session, context, stream, {
      onLive: () => this.begin(),
      onCaption: caption => this.listener.onCaption(caption),
      onEnd: why => this.end(why),
    })
  }

  private begin(): void {
    this.live = true
    this.listener.onState('live')
  }

  private end(why: CallEnd): void {
    if (this.ended) return
    this.ended = true
    clearInterval(this.timer)
    this.link?.close(true)
    this.link = null
    if (this.stream) stopTracks(this.stream)
    void this.context?.close()
    this.listener.onEnd(why)
  }
}
