// A voice note: recorded by the browser in the format it has, listened to by the house.

import { h, icon } from './dom'
import type { Words } from './texts/words'

type Listener = { onNote: (file: File) => void; onDenied: () => void }

const FORMATS: Record<string, string> = {
  'audio/ogg;codecs=opus': 'ogg',
  'audio/webm;codecs=opus': 'webm',
  'audio/mp4': 'm4a',
}
const LONGEST = 300

export class Recorder {
  readonly element: HTMLElement
  private readonly clock = h('span', { class: 'clock', role: 'timer' })
  private media: MediaRecorder | null = null
  private timer: ReturnType<typeof setInterval> | undefined
  private seconds = 0
  private wanted = false

  static able(): boolean {
    return typeof MediaRecorder !== 'undefined' && Boolean(navigator.mediaDevices) && format() !== null
  }

  constructor(
    words: Words,
    private readonly form: HTMLElement,
    private readonly listener: Listener,
  ) {
    const drop = () => this.stop(false)
    const send = () => this.stop(true)
    const named = (label: string) => ({ type: 'button' as const, 'aria-label': label, title: label })
    this.element = h(
      'div',
      { class: 'form recording', hidden: true },
      h('button', { ...named(words.recordCancel), class: 'round', onclick: drop }, icon('trash')),
      h('span', { class: 'pulse', 'aria-hidden': 'true' }),
      h('span', { class: 'grow', role: 'status' }, words.recording),
      this.clock,
      h('button', { ...named(words.recordSend), class: 'round send', onclick: send }, icon('send')),
    )
  }

  async start(): Promise<void> {
    let stream: MediaStream
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true } })
    } catch {
      this.listener.onDenied()
      return
    }
    const mime = format() ?? ''
    const pieces: Blob[] = []
    const media = new MediaRecorder(stream, { mimeType: mime, audioBitsPerSecond: 24_000 })
    media.ondataavailable = event => pieces.push(event.data)
    media.onstop = () => {
      for (const track of stream.getTracks()) track.stop()
      const type = mime.split(';')[0] ?? mime
      if (this.wanted) this.listener.onNote(new File(pieces, `nota.${FORMATS[mime]}`, { type }))
    }
    media.start(1_000)
    this.media = media
    this.seconds = 0
    this.tick()
    this.timer = setInterval(() => this.tick(), 1_000)
    this.form.hidden = true
    this.element.hidden = false
    this.element.querySelector<HTMLElement>('.send')?.focus()
  }

  private stop(wanted: boolean): void {
    clearInterval(this.timer)
    this.wanted = wanted
    this.media?.stop()
    this.media = null
    this.element.hidden = true
    this.form.hidden = false
    this.form.querySelector('textarea')?.focus()
  }

  private tick(): void {
    this.clock.textContent = `${Math.floor(this.seconds / 60)}:${String(this.seconds % 60).padStart(2, '0')}`
    this.seconds += 1
    if (this.seconds > LONGEST) this.stop(true)
  }
}

function format(): string | null {
  return Object.keys(FORMATS).find(mime => MediaRecorder.isTypeSupported(mime)) ?? null
}
