// The frames that the chat and the server exchange, the same over a socket and over requests.

export type Part =
  | { type: 'text'; text: string }
  | { type: 'choices'; options: { id: string; text: string }[] }
  | { type: 'file' | 'image' | 'audio'; id: string; name: string; media_type: string; size: number }

export type Said = {
  msg_id: string
  from: 'me' | 'bot' | 'agent' | 'system'
  at: string
  client_id?: string
  parts: Part[]
}

export type Standing = { control: 'bot' | 'queued' | 'agent' | 'closed'; rated: boolean }

export type Frame =
  | { t: 'welcome'; d: { session: string; missed: Wire<'msg', Said>[]; last_seq: number; state: Standing } }
  | Wire<'msg', Said>
  | { t: 'ack'; d: { client_id: string; msg_id: string }; seq: number }
  | { t: 'typing'; d: { who: 'bot' | 'agent'; on: boolean } }
  | { t: 'state'; d: Standing }
  | { t: 'error'; d: { code: string; message?: string; client_id?: string; retry_in?: number } }
  | { t: 'done'; d: { what: string } }
  | { t: 'pong' | 'reload'; d: object }

export type Wire<T, D> = { t: T; seq: number; d: D }

export type Order =
  | { t: 'msg'; d: { client_id: string; text?: string; choice?: { msg_id: string; option_id: string } } }
  | { t: 'typing'; d: { on: boolean } }
  | { t: 'read'; d: { up_to: number; seen: boolean } }
  | { t: 'rate'; d: { score: number; comment: string } }
  | { t: 'transcript'; d: { email: string } }
  | { t: 'end'; d: object }

/** What the page was told when it was made. */
export type Config = {
  key: string
  embed: string
  origin: string | null
  name: string
  locale: string
  call: boolean
  voice_notes: boolean
  transcript: boolean
  upload: { max_mb: number; types: string[] }
}

export type Session = { id: string; token: string }
