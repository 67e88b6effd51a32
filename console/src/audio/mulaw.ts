// G.711 mu-law, the sound of telephone lines: 16-bit samples in one byte each.

const BIAS = 0x84
const CLIP = 32_635

export function encodeSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(CLIP, Math.abs(sample)) + BIAS
  const exponent = 24 - Math.clz32(magnitude)
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f
  return ~(sign | (exponent << 4) | mantissa) & 0xff
}

export function decodeSample(byte: number): number {
  const bits = ~byte & 0xff
  const exponent = (bits >> 4) & 0x07
  const magnitude = (((bits & 0x0f) << 3) + BIAS) << exponent
  return bits & 0x80 ? BIAS - magnitude : magnitude - BIAS
}

const DECODED = Float32Array.from({ length: 256 }, (_, byte) => decodeSample(byte) / 32_768)

/** Samples in -1..1 to bytes. */
export function encode(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(samples.length)
  for (let at = 0; at < samples.length; at += 1) {
    bytes[at] = encodeSample(Math.round(Math.max(-1, Math.min(1, samples[at] ?? 0)) * 32_767))
  }
  return bytes
}

/** Bytes to samples in -1..1. */
export function decode(bytes: Uint8Array): Float32Array {
  const samples = new Float32Array(bytes.length)
  for (let at = 0; at < bytes.length; at += 1) samples[at] = DECODED[bytes[at] ?? 0xff] ?? 0
  return samples
}
