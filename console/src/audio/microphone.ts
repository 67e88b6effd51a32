// The browser's microphone and loudspeaker as a telephone line: frames out, sound in. No protocol and no React here.

import captureUrl from './capture.worklet.ts?worker&url'
import playbackUrl from './playback.worklet.ts?worker&url'

export type MicrophoneTrouble = 'insecure' | 'unsupported' | 'denied' | 'missing' | 'busy'

export class MicrophoneError extends Error {
  constructor(readonly trouble: MicrophoneTrouble) {
    super(trouble)
  }
}

export type LineListener = {
  onFrame: (bytes: Uint8Array, level: number) => void
  onMark: (name: string) => void
  onLost: () => void
}

export type AudioLine = {
  play: (bytes: Uint8Array) => void
  mark: (name: string) => void
  clear: () => void
  mute: (muted: boolean) => void
  close: () => void
}

export async function openLine(listener: LineListener): Promise<AudioLine> {
  if (!window.isSecureContext) throw new MicrophoneError('insecure')
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === 'undefined') {
    throw new MicrophoneError('unsupported')
  }
  // Made in the click that asked for the call: browsers start sound only from there.
  const context = new AudioContext({ latencyHint: 'interactive' })
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    })
  } catch (error) {
    void context.close()
    throw new MicrophoneError(troubleOf(error))
  }
  await context.resume()
  await Promise.all([context.audioWorklet.addModule(captureUrl), context.audioWorklet.addModule(playbackUrl)])
  const capture = new AudioWorkletNode(context, 'relevo-capture', { numberOfOutputs: 0, channelCount: 1 })
  const playback = new AudioWorkletNode(context, 'relevo-playback', { numberOfInputs: 0, outputChannelCount: [1] })
  context.createMediaStreamSource(stream).connect(capture)
  playback.connect(context.destination)
  capture.port.onmessage = (event: MessageEvent<{ bytes: Uint8Array; level: number }>) =>
    listener.onFrame(event.data.bytes, event.data.level)
  playback.port.onmessage = (event: MessageEvent<{ mark: string }>) => listener.onMark(event.data.mark)
  const track = stream.getAudioTracks()[0]
  if (track) track.onended = () => listener.onLost()
  return {
    play: bytes => playback.port.postMessage({ type: 'sound', bytes }),
    mark: name => playback.port.postMessage({ type: 'mark', name }),
    clear: () => playback.port.postMessage({ type: 'clear' }),
    mute: muted => {
      if (track) track.enabled = !muted
    },
    close: () => {
      if (track) track.onended = null
      for (const each of stream.getTracks()) each.stop()
      void context.close()
    },
  }
}

export function troubleOf(error: unknown): MicrophoneTrouble {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'unsupported'
}
