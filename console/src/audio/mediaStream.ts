// The words of the media protocol (that of Twilio Media Streams): what this side says and what it understands. Pure.

export type Caption = { author: 'customer' | 'bot' | 'agent'; text: string }

export type Incoming =
  | { event: 'media'; bytes: Uint8Array }
  | { event: 'mark'; name: string }
  | { event: 'clear' }
  | { event: 'caption'; caption: Caption }
  | { event: 'stop' }

export function connected(): string {
  return JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' })
}

export function start(streamSid: string, callSid: string, customParameters: Record<string, string>): string {
  return JSON.stringify({
    event: 'start',
    sequenceNumber: '1',
    streamSid,
    start: {
      streamSid,
      callSid,
      accountSid: 'browser',
      tracks: ['inbound'],
      customParameters,
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    },
  })
}

/** Frame number `chunk` (from 1) of 20 ms each. */
export function media(streamSid: string, chunk: number, bytes: Uint8Array): string {
  return JSON.stringify({
    event: 'media',
    sequenceNumber: String(chunk + 1),
    streamSid,
    media: {
      track: 'inbound',
      chunk: String(chunk),
      timestamp: String((chunk - 1) * 20),
      payload: toBase64(bytes),
    },
  })
}

export function mark(streamSid: string, name: string): string {
  return JSON.stringify({ event: 'mark', streamSid, mark: { name } })
}

export function stop(streamSid: string): string {
  return JSON.stringify({ event: 'stop', streamSid, stop: {} })
}

type Raw = {
  event?: string
  media?: { payload?: string }
  mark?: { name?: string }
  author?: string
  text?: string
}

export function understand(text: unknown): Incoming | null {
  if (typeof text !== 'string') return null
  let raw: Raw
  try {
    raw = JSON.parse(text) as Raw
    if (raw.event === 'media' && raw.media?.payload) return { event: 'media', bytes: fromBase64(raw.media.payload) }
  } catch {
    return null
  }
  if (raw.event === 'mark' && raw.mark?.name) return { event: 'mark', name: raw.mark.name }
  if (raw.event === 'clear' || raw.event === 'stop') return { event: raw.event }
  if (raw.event === 'caption' && raw.text) return { event: 'caption', caption: { author: author(raw), text: raw.text } }
  return null
}

function author(raw: Raw): Caption['author'] {
  return raw.author === 'bot' || raw.author === 'agent' ? raw.author : 'customer'
}

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), char => char.charCodeAt(0))
}

/** 32 hex digits with the prefix that such ids carry. */
export function sid(prefix: 'MZ' | 'CA', random: Uint8Array): string {
  return prefix + [...random].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
