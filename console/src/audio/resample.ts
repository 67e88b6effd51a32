// Changes the sample rate of a stream, any rate to any rate, through a windowed-sinc low-pass below half of the lower
// rate: what is above must go, or it folds back as noise that the recogniser hears. State is kept from piece to piece.

const HALF_TAPS = 24
const PHASES = 64
const ROLLOFF = 0.92

export class Resampler {
  private readonly step: number
  private readonly reach: number
  private readonly table: Float32Array
  private readonly width: number
  private held: Float32Array
  /** Where the next output sample lies, in input samples from the start of `held`. */
  private position: number

  constructor(from: number, to: number) {
    this.step = from / to
    const cutoff = Math.min(1, to / from) * ROLLOFF
    this.reach = Math.ceil(HALF_TAPS / Math.min(1, to / from))
    this.width = 2 * this.reach
    this.table = kernel(this.reach, cutoff)
    this.held = new Float32Array(this.reach)
    this.position = this.reach
  }

  push(input: Float32Array): Float32Array {
    const buffer = new Float32Array(this.held.length + input.length)
    buffer.set(this.held)
    buffer.set(input, this.held.length)
    const last = buffer.length - this.reach - 1
    const count = Math.max(0, Math.floor((last - this.position) / this.step) + 1)
    const output = new Float32Array(count)
    for (let made = 0; made < count; made += 1) {
      output[made] = this.at(buffer, this.position)
      this.position += this.step
    }
    const drop = Math.min(buffer.length, Math.max(0, Math.floor(this.position) - this.reach))
    this.held = buffer.slice(drop)
    this.position -= drop
    return output
  }

  private at(buffer: Float32Array, position: number): number {
    const base = Math.floor(position)
    const phase = Math.round((position - base) * PHASES)
    const row = phase * this.width
    const start = base - this.reach + 1
    let sum = 0
    for (let tap = 0; tap < this.width; tap += 1) sum += (buffer[start + tap] ?? 0) * (this.table[row + tap] ?? 0)
    return sum
  }
}

/** One row of taps per fraction of a sample, Blackman-windowed, each row adding up to 1. */
function kernel(reach: number, cutoff: number): Float32Array {
  const width = 2 * reach
  const table = new Float32Array((PHASES + 1) * width)
  for (let phase = 0; phase <= PHASES; phase += 1) {
    let sum = 0
    for (let tap = 0; tap < width; tap += 1) {
      const x = tap - reach + 1 - phase / PHASES
      const value = cutoff * sinc(cutoff * x) * blackman(x / reach)
      table[phase * width + tap] = value
      sum += value
    }
    for (let tap = 0; tap < width; tap += 1) {
      const at = phase * width + tap
      table[at] = (table[at] ?? 0) / sum
    }
  }
  return table
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

function blackman(x: number): number {
  if (Math.abs(x) >= 1) return 0
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x)
}
