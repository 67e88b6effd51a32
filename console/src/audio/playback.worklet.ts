// Runs in the audio thread: plays what comes from the line and says when each mark has been heard.

import { decode } from './mulaw'
import { PlayQueue } from './playQueue'
import { Resampler } from './resample'

type Order = { type: 'sound'; bytes: Uint8Array } | { type: 'mark'; name: string } | { type: 'clear' }

class Playback extends AudioWorkletProcessor {
  private readonly queue = new PlayQueue()
  private resampler = new Resampler(8_000, sampleRate)

  private readonly most: number

  constructor(options: { processorOptions?: { latest?: number } }) {
    super()
    const latest = options.processorOptions?.latest ?? 0
    this.most = latest > 0 ? latest * sampleRate : Number.POSITIVE_INFINITY
    this.port.onmessage = (event: MessageEvent<Order>) => this.obey(event.data)
  }

  override process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0]
    if (output) this.report(this.queue.pull(output))
    return true
  }

  private obey(order: Order): void {
    if (order.type === 'sound') {
      this.queue.push(this.resampler.push(decode(order.bytes)))
      if (this.queue.length > this.most) this.report(this.queue.trim(this.most / 4))
    } else if (order.type === 'mark') this.report(this.queue.mark(order.name))
    else {
      this.resampler = new Resampler(8_000, sampleRate)
      this.report(this.queue.clear())
    }
  }

  private report(marks: string[]): void {
    for (const name of marks) this.port.postMessage({ mark: name })
  }
}

registerProcessor('relevo-playback', Playback)
