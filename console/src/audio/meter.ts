// How loud the microphone is, for the bar that shows it.

export class Meter {
  private readonly analyser: AnalyserNode
  private readonly samples: Float32Array<ArrayBuffer>
  private source: MediaStreamAudioSourceNode | null = null

  constructor(private readonly context: AudioContext) {
    this.analyser = new AnalyserNode(context, { fftSize: 1024 })
    this.samples = new Float32Array(this.analyser.fftSize)
  }

  listenTo(stream: MediaStream | null): void {
    this.source?.disconnect()
    this.source = stream ? this.context.createMediaStreamSource(stream) : null
    this.source?.connect(this.analyser)
  }

  /** Root mean square of the last 20 ms or so, 0..1. */
  level(): number {
    if (!this.source) return 0
    this.analyser.getFloatTimeDomainData(this.samples)
    return loudness(this.samples)
  }
}

export function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length)
}
