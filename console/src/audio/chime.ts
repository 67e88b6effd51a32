// The sounds of the desk, made here so that none has to be fetched: a call that rings, a colleague who asks for help,
// and the test of the loudspeaker. Browsers let them sound once the page has been clicked.

import { toSpeaker } from './agentLink'

export type Chime = 'ring' | 'help' | 'test'

type Note = { hertz: number; at: number; lasts: number }

const TUNES: Record<Chime, Note[]> = {
  ring: [
    { hertz: 784, at: 0, lasts: 0.22 },
    { hertz: 988, at: 0.24, lasts: 0.22 },
    { hertz: 784, at: 0.6, lasts: 0.22 },
    { hertz: 988, at: 0.84, lasts: 0.3 },
  ],
  help: [
    { hertz: 660, at: 0, lasts: 0.16 },
    { hertz: 880, at: 0.18, lasts: 0.3 },
  ],
  test: [
    { hertz: 523, at: 0, lasts: 0.3 },
    { hertz: 659, at: 0.3, lasts: 0.3 },
    { hertz: 784, at: 0.6, lasts: 0.5 },
  ],
}
const LOUDNESS = 0.16
const TAIL = 0.4

let shared: AudioContext | null = null
let lastPlayed = 0

export function chime(name: Chime, speaker: string): void {
  if (typeof AudioContext === 'undefined') return
  shared ??= new AudioContext()
  const context = shared
  toSpeaker(context, speaker)
  // A context that does not run yet would keep every chime and let them all out at once later.
  if (context.state !== 'running') {
    void context
      .resume()
      .then(() => play(context, name))
      .catch(() => null)
    return
  }
  play(context, name)
}

function play(context: AudioContext, name: Chime): void {
  if (performance.now() - lastPlayed < 150) return
  lastPlayed = performance.now()
  const start = context.currentTime + 0.02
  for (const note of TUNES[name]) {
    const gain = new GainNode(context, { gain: 0 })
    const tone = new OscillatorNode(context, { type: 'sine', frequency: note.hertz })
    const from = start + note.at
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(LOUDNESS, from + 0.02)
    gain.gain.setValueAtTime(LOUDNESS, from + note.lasts)
    gain.gain.exponentialRampToValueAtTime(0.0001, from + note.lasts + TAIL)
    tone.connect(gain).connect(context.destination)
    tone.start(from)
    tone.stop(from + note.lasts + TAIL)
  }
}
