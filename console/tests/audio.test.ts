import { describe, expect, it } from 'vitest'
import { fromBase64, media, sid, start, toBase64, understand } from '../src/audio/mediaStream'
import { decode, decodeSample, encode, encodeSample } from '../src/audio/mulaw'
import { PlayQueue } from '../src/audio/playQueue'
import { Resampler } from '../src/audio/resample'

function tone(hertz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * n) / rate))
}

function through(resampler: Resampler, input: Float32Array, piece: number): Float32Array {
  const parts: number[] = []
  for (let at = 0; at < input.length; at += piece) parts.push(...resampler.push(input.slice(at, at + piece)))
  return Float32Array.from(parts)
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
}

describe('mu-law', () => {
  it('agrees with G.711 at the points everybody quotes', () => {
    expect([0, 1000, -1000, 32_635, -32_635, 32_767].map(encodeSample)).toEqual([0xff, 0xce, 0x4e, 0x80, 0x00, 0x80])
    expect([0xff, 0x7f, 0x80, 0x00].map(decodeSample)).toEqual([0, 0, 32_124, -32_124])
  })

  it('gives every byte back, but for the two zeros', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      if (byte !== 0x7f) expect(encodeSample(decodeSample(byte))).toBe(byte)
    }
  })

  it('keeps speech levels within its step and clips what is too loud', () => {
    const back = decode(encode(Float32Array.from([0.25, -0.01, 7, -7])))
    expect(back[0]).toBeCloseTo(0.25, 1)
    expect(back[1]).toBeCloseTo(-0.01, 3)
    expect(back[2]).toBeCloseTo(0.98, 2)
    expect(back[3]).toBeCloseTo(-0.98, 2)
  })
})

describe('resampler', () => {
  it.each([44_100, 48_000])('takes %i Hz down to 8 kHz and keeps the voice', rate => {
    const output = through(new Resampler(rate, 8_000), tone(1_000, rate, 1), 128)
    expect(Math.abs(output.length - 8_000)).toBeLessThan(60)
    expect(rms(output.subarray(200, 7_800))).toBeCloseTo(0.5 / Math.SQRT2, 2)
  })

  it('removes what would fold back as noise', () => {
    const output = through(new Resampler(48_000, 8_000), tone(5_200, 48_000, 1), 128)
    expect(20 * Math.log10(rms(output.subarray(200, 7_800)) / (0.5 / Math.SQRT2))).toBeLessThan(-60)
  })

  it('gives the same sound however it is cut', () => {
    const input = tone(440, 44_100, 0.2)
    const whole = new Resampler(44_100, 8_000).push(input)
    const pieces = through(new Resampler(44_100, 8_000), input, 128)
    expect(pieces.length).toBe(whole.length)
    expect(Math.max(...pieces.map((sample, n) => Math.abs(sample - (whole[n] ?? 0))))).toBeLessThan(0.001)
  })

  it('takes the line up to what the loudspeaker wants', () => {
    const output = through(new Resampler(8_000, 48_000), tone(1_000, 8_000, 1), 160)
    expect(Math.abs(output.length - 48_000)).toBeLessThan(300)
    expect(rms(output.subarray(600, 47_000))).toBeCloseTo(0.5 / Math.SQRT2, 2)
  })
})

describe('play queue', () => {
  it('reports a mark when the sound before it has played, at once when there is none', () => {
    const queue = new PlayQueue()
    expect(queue.mark('nothing before')).toEqual(['nothing before'])
    queue.push(new Float32Array(200).fill(0.5))
    expect(queue.mark('end')).toEqual([])
    const output = new Float32Array(128)
    expect(queue.pull(output)).toEqual([])
    expect(queue.length).toBe(72)
    expect(queue.pull(output)).toEqual(['end'])
    expect([output[71], output[72]]).toEqual([0.5, 0])
  })

  it('drops everything on clear and gives the waiting marks back', () => {
    const queue = new PlayQueue()
    queue.push(new Float32Array(8_000).fill(0.5))
    queue.mark('a')
    queue.push(new Float32Array(10))
    queue.mark('b')
    expect(queue.clear()).toEqual(['a', 'b'])
    const output = new Float32Array(128).fill(1)
    expect(queue.pull(output)).toEqual([])
    expect(output.every(sample => sample === 0)).toBe(true)
  })
})

describe('media protocol', () => {
  it('sends frames that a Twilio media socket understands', () => {
    const bytes = new Uint8Array(160).fill(0xff)
    expect(JSON.parse(media('MZ1', 3, bytes))).toEqual({
      event: 'media',
      sequenceNumber: '4',
      streamSid: 'MZ1',
      media: { track: 'inbound', chunk: '3', timestamp: '40', payload: toBase64(bytes) },
    })
    const begun = JSON.parse(start('MZ1', 'CA1', { token: 'secret', session: 'web_1' }))
    expect(begun.start.customParameters).toEqual({ token: 'secret', session: 'web_1' })
    expect(begun.start.mediaFormat).toEqual({ encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 })
    expect(sid('MZ', new Uint8Array(16).fill(10))).toBe(`MZ${'0a'.repeat(16)}`)
  })

  it('understands what comes and shrugs at the rest', () => {
    const bytes = Uint8Array.from([0, 127, 255])
    expect(fromBase64(toBase64(bytes))).toEqual(bytes)
    expect(understand(JSON.stringify({ event: 'media', media: { payload: toBase64(bytes) } }))).toEqual({
      event: 'media',
      bytes,
    })
    expect(understand('{"event":"mark","mark":{"name":"x"}}')).toEqual({ event: 'mark', name: 'x' })
    expect(understand('{"event":"clear"}')).toEqual({ event: 'clear' })
    expect(understand('{"event":"caption","author":"bot","text":"Hola"}')).toEqual({
      event: 'caption',
      caption: { author: 'bot', text: 'Hola' },
    })
    for (const odd of ['{', 'null', '[]', '{"event":"media","media":{"payload":"***"}}', '{"event":"dtmf"}', 7]) {
      expect(understand(odd)).toBeNull()
    }
  })
})
