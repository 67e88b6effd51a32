// A microphone and a loudspeaker as a telephone line: mu-law frames out, sound in. No protocol and no React here.

import captureUrl from './capture.worklet.ts?worker&url'
import playbackUrl from './playback.worklet.ts?worker&url'

export type LineListener = {
  onFrame: (bytes: Uint8Array, level: number) => void
  onMark: (name: string) => void
}

export type SoundLine = {
  play: (bytes: Uint8Array) => void
  mark: (name: string) => void
  clear: () => void
  listenTo: (stream: MediaStream) => void
  close: () => void
}

/** `latest`: seconds that may wait to be heard; older sound is dropped, as in a conversation between people. */
export async function makeLine(context: AudioContext, listener: LineListener, latest = 0): Promise<SoundLine> {
  await context.resume()
  await Promise.all([context.audioWorklet.addModule(captureUrl), context.audioWorklet.addModule(playbackUrl)])
  const capture = new AudioWorkletNode(context, 'relevo-capture', { numberOfOutputs: 0, channelCount: 1 })
  const playback = new AudioWorkletNode(context, 'relevo-playback', {
    numberOfInputs: 0,
    outputChannelCount: [1],
    processorOptions: { latest },
  })
  let source: MediaStreamAudioSourceNode | null = null
  playback.connect(context.destination)
  capture.port.onmessage = (event: MessageEvent<{ bytes: Uint8Array; level: number }>) =>
    listener.onFrame(event.data.bytes, event.data.level)
  playback.port.onmessage = (event: MessageEvent<{ mark: string }>) => listener.onMark(event.data.mark)
  return {
    play: bytes => playback.port.postMessage({ type: 'sound', bytes }),
    mark: name => playback.port.postMessage({ type: 'mark', name }),
    clear: () => playback.port.postMessage({ type: 'clear' }),
    listenTo: stream => {
      source?.disconnect()
      source = context.createMediaStreamSource(stream)
      source.connect(capture)
    },
    close: () => {
      capture.port.onmessage = null
      playback.port.onmessage = null
      source?.disconnect()
      playback.disconnect()
    },
  }
}
