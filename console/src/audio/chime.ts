// The sounds of the desk, made here so that none has to be fetched: a call that rings, a conversation that is offered, a
// colleague who asks for help, a message, an alert, and the test of the loudspeaker. As loud as this browser was told.
// Browsers let them sound once the page has been clicked.

import { toSpeaker } from './agentLink'
import { loudness, readSounds, type Sound } from './soundSettings'
import { browserStore } from './voiceSettings'

export type Chime = Sound | 'test'

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
  offer: [
    { hertz: 698, at: 0, lasts: 0.12 },
    { hertz: 880, at: 0.14, lasts: 0.12 },
    { hertz: 1047, at: 0.28, lasts: 0.24 },
  ],
  message: [{ hertz: 880, at: 0, lasts: 0.09 }],
  alert: [
    { hertz: 587, at: 0, lasts: 0.14 },
    { hertz: 494, at: 0.18, lasts: 0.24 },
  ],
  test: [
    { hertz: 523, at: 0, lasts: 0.3 },
    { hertz: 659, at: 0.3, lasts: 0.3 },
    { hertz: 784, at: 0.6, lasts: 0.5 },
  ],
}
const LOUDEST = 0.33
const FAINTEST = 0.001
const TAIL = 0.4

let shared: AudioContext | null = null
let lastPlayed = 0

export function chime(name: Chime, speaker: string): void {
  const loud = LOUDEST * loudness(readSounds(browserStore()), name)
  if (typeof AudioContext === 'undefined' || loud < FAINTEST) return
  shared ??= new AudioContext()
  const context = shared
  toSpeaker(context, speaker)
  // A context that does not run yet would keep every chime and let them all out at once later.
  if (context.state !== 'running') {
    void context
      .resume()
      .then(() => play(context, name, loud))
      .catch(() => null)
    return
  }
  play(context, name, loud)
}

function play(context: AudioContext, name: Chime, loud: number): void {
  if (performance.now() - lastPlayed < 150) return
  lastPlayed = performance.now()
  const start = context.currentTime + 0.02
  for (const note of TUNES[name]) {
    const gain = new GainNode(context, { gain: 0 })
    const tone = new OscillatorNode(context, { type: 'sine', frequency: note.hertz })
    const from = start + note.at
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(loud, from + 0.02)
    gain.gain.setValueAtTime(loud, from + note.lasts)
    gain.gain.exponentialRampToValueAtTime(0.0001, from + note.lasts + TAIL)
    tone.connect(gain).connect(context.destination)
    tone.start(from)
    tone.stop(from + note.lasts + TAIL)
  }
}
