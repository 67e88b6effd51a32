// Runs in the audio thread: takes the microphone down to 8 kHz and hands on 20 ms of it at a time, mu-law encoded.

import { encode } from './mulaw'
import { Resampler } from './resample'

const FRAME = 160

class Capture extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate, 8_000)
  private frame = new Float32Array(FRAME)
  private filled = 0

  override process(inputs: Float32Array[][]): boolean {
    const channel = inputs[0]?.[0]
    if (!channel) return true
    for (const sample of this.resampler.push(channel)) {
      this.frame[this.filled] = sample
      this.filled += 1
      if (this.filled === FRAME) this.hand()
    }
    return true
  }

  private hand(): void {
    let sum = 0
    for (const sample of this.frame) sum += sample * sample
    const bytes = encode(this.frame)
    this.port.postMessage({ bytes, level: Math.sqrt(sum / FRAME) }, [bytes.buffer])
    this.filled = 0
  }
}

registerProcessor('relevo-capture', Capture)
