// The conversation as this page knows it: opens or resumes the session, keeps the thread, sends and sends again. It
// draws nothing; who draws is told that something changed.

import { openSession, Refused, sendFile } from './api'
import { forget, recall, remember } from './kept'
import { Link } from './link'
import { newId, subject } from './names'
import { type Item, lastSeq, textOf, unread, unsent, withAck, withFile, withSaid, withState, written } from './thread'
import type { Config, Frame, Session, Standing } from './wire'

export type Phase = 'idle' | 'starting' | 'ready' | 'failed' | 'refused'

const WAITS_FOR_BOT = 12_000
const TYPING_FOR = 8_000
const TYPING_EVERY = 3_000
const STALE = 3_600_000

export class Chat {
  items: Item[] = []
  phase: Phase = 'idle'
  online = false
  standing: Standing = { control: 'bot', rated: false }
  typing: 'bot' | 'agent' | null = null
  /** What the server last said no to, or did: shown once. */
  note: { kind: 'wrong' | 'good'; text: string } | null = null
  session: Session | null = null
  seen = 0
  private identity: string | null = null
  private link: Link | null = null
  private hush: ReturnType<typeof setTimeout> | undefined
  private typedAt = 0
  private visible = false

  constructor(
    private readonly config: Config,
    private readonly changed: () => void,
    private readonly onError: (code: string, message: string) => string,
  ) {
    this.resume()
  }

  /** Whether there is a session from before. */
  resume(): boolean {
    const kept = this.session ? null : recall(this.config.key)
    if (kept) {
      this.session = { id: kept.id, token: kept.token }
      this.seen = kept.seen
    }
    return this.session !== null
  }

  get unread(): number {
    return this.visible ? 0 : unread(this.items, this.seen)
  }

  async start(): Promise<void> {
    if (this.phase === 'starting' || this.phase === 'ready') return
    this.phase = 'starting'
    this.changed()
    try {
      if (this.identity && recall(this.config.key)?.who !== subject(this.identity)) this.session = null
      if (!this.session) {
        const page = { url: document.referrer.slice(0, 500), title: '', referrer: '' }
        const { key, embed, locale } = this.config
        const identity = this.identity ? { identity: this.identity } : {}
        const made = await openSession({ key, embed, locale, page, ...identity })
        this.session = { id: made.id, token: made.token }
        this.items = []
        this.seen = 0
        this.keep()
      }
      this.connect(this.session)
    } catch (error) {
      const refused = error instanceof Refused && error.status === 403
      // What lets this page open a session is good for a day.
      if (refused && performance.now() > STALE) location.reload()
      this.phase = refused ? 'refused' : 'failed'
      this.changed()
    }
  }

  /** Before the chat is opened, or later: what another visitor of this browser said stays theirs. */
  identify(jwt: string): void {
    this.identity = jwt
    if (!this.session || recall(this.config.key)?.who === subject(jwt)) return
    const open = this.phase !== 'idle'
    this.link?.close()
    this.link = null
    this.session = null
    this.items = []
    this.phase = 'idle'
    forget(this.config.key)
    if (open && this.visible) void this.start()
    this.changed()
  }

  show(visible: boolean): void {
    this.visible = visible
    if (visible) void this.start()
    this.read()
    this.changed()
  }

  say(text: string, choice?: { msg_id: string; option_id: string }): void {
    const clientId = newId()
    this.items = [...this.items, written(clientId, text, new Date().toISOString())]
    const d = choice ? { client_id: clientId, choice } : { client_id: clientId, text }
    this.link?.put({ t: 'msg', d })
    this.expectBot()
    this.changed()
  }

  attach(file: File): void {
    const clientId = newId()
    this.items = [...this.items, written(clientId, '', new Date().toISOString(), file)]
    this.changed()
    void this.upload(clientId, file)
  }

  retry(item: Item): void {
    if (!item.clientId) return
    this.items = withState(this.items, item.clientId, 'sending')
    if (item.file) void this.upload(item.clientId, item.file)
    else this.link?.put({ t: 'msg', d: { client_id: item.clientId, text: textOf(item) } })
    this.changed()
  }

  typed(): void {
    if (Date.now() - this.typedAt < TYPING_EVERY) return
    this.typedAt = Date.now()
    this.link?.put({ t: 'typing', d: { on: true } })
  }

  rate(score: number, comment: string): void {
    this.link?.put({ t: 'rate', d: { score, comment } })
  }

  transcript(email: string): void {
    this.link?.put({ t: 'transcript', d: { email } })
  }

  end(): void {
    this.link?.put({ t: 'end', d: {} })
  }

  private connect(session: Session): void {
    this.link?.close()
    this.link = new Link(session, {
      onFrame: frame => this.take(frame),
      onState: state => {
        this.online = state === 'online'
        if (this.online) {
          this.phase = 'ready'
          for (const item of unsent(this.items)) if (!item.file) this.retry(item)
          this.read()
        } else if (this.phase === 'starting') this.phase = 'failed'
        this.changed()
      },
      onLost: () => this.renew(),
      after: () => lastSeq(this.items),
    })
    this.link.open()
  }

  /** The session is over: what was not sent goes into a new one. */
  private renew(): void {
    this.link?.close()
    this.link = null
    this.session = null
    forget(this.config.key)
    const left = unsent(this.items)
    this.phase = 'idle'
    this.standing = { control: 'bot', rated: false }
    void this.start().then(() => {
      this.items = [...this.items, ...left]
    })
  }

  private take(frame: Frame): void {
    if (frame.t === 'welcome') {
      for (const each of frame.d.missed) this.items = withSaid(this.items, each.seq, each.d)
      this.standing = frame.d.state
    } else if (frame.t === 'msg') {
      this.items = withSaid(this.items, frame.seq, frame.d)
      if (frame.d.from !== 'me') this.setTyping(null)
      this.read()
    } else if (frame.t === 'ack') {
      this.items = withAck(this.items, frame.d.client_id, frame.d.msg_id, frame.seq)
    } else if (frame.t === 'typing') this.setTyping(frame.d.on ? frame.d.who : null)
    else if (frame.t === 'state') {
      this.standing = frame.d
      if (frame.d.control !== 'bot') this.setTyping(null)
    } else if (frame.t === 'error') this.fault(frame.d)
    else if (frame.t === 'done') this.note = { kind: 'good', text: frame.d.what }
    else if (frame.t === 'reload') location.reload()
    this.changed()
  }

  private fault(error: { code: string; message?: string; client_id?: string }): void {
    if (error.client_id) this.items = withState(this.items, error.client_id, 'failed')
    this.setTyping(null)
    this.note = { kind: 'wrong', text: this.onError(error.code, error.message ?? '') }
  }

  private async upload(clientId: string, file: File): Promise<void> {
    if (!this.session) return
    try {
      const { id } = await sendFile(this.session, file, clientId)
      this.items = withFile(this.items, clientId, id)
      this.expectBot()
    } catch (error) {
      const known = error instanceof Refused ? error : new Refused(0, 'unreachable', '')
      if (known.status === 401) this.renew()
      else this.fault({ code: known.code, message: known.message, client_id: clientId })
    }
    this.changed()
  }

  private expectBot(): void {
    if (this.standing.control === 'bot' || this.standing.control === 'closed') this.setTyping('bot', WAITS_FOR_BOT)
  }

  private setTyping(who: 'bot' | 'agent' | null, during = TYPING_FOR): void {
    clearTimeout(this.hush)
    this.typing = who
    if (who) {
      this.hush = setTimeout(() => {
        this.typing = null
        this.changed()
      }, during)
    }
  }

  private read(): void {
    const last = lastSeq(this.items)
    if (last === 0) return
    if (this.visible && last > this.seen) {
      this.seen = last
      this.keep()
      this.link?.put({ t: 'read', d: { up_to: last, seen: true } })
    } else if (last > this.seen) this.link?.put({ t: 'read', d: { up_to: last, seen: false } })
  }

  private keep(): void {
    if (!this.session) return
    const who = this.identity ? subject(this.identity) : recall(this.config.key)?.who
    remember(this.config.key, { ...this.session, seen: this.seen, ...(who ? { who } : {}) })
  }
}
