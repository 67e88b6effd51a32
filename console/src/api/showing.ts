// Tells the others what is on this screen and whether something is being written to it; never what.

import type { Doing } from './viewers'

type Feed = { say: (frame: unknown) => void; watch: (watcher: () => void) => () => void; state: { status: string } }

const RENEW_EVERY = 30_000
const SAY_EVERY = 3_000
const STOPPED_AFTER = 5_000

export class Showing {
  private thing: string | null = null
  private doing: Doing = 'looking'
  private hidden = false
  private online = false
  private saidAt = 0
  private stopTimer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly feed: Feed,
    private readonly now: () => number = Date.now,
  ) {
    feed.watch(() => {
      const online = feed.state.status === 'online'
      if (online === this.online) return
      this.online = online
      // The topics of what is shown are asked for first, in the same turn.
      if (online && this.thing) queueMicrotask(() => this.say())
    })
    setInterval(() => {
      if (this.thing && !this.hidden) this.say()
    }, RENEW_EVERY)
  }

  /** Returns what ends it. */
  show(thing: string): () => void {
    this.thing = thing
    this.doing = 'looking'
    // Whoever shows it subscribes to it in the same turn.
    queueMicrotask(() => this.say())
    return () => {
      if (this.thing !== thing) return
      this.thing = null
      clearTimeout(this.stopTimer)
      this.say()
    }
  }

  /** At every key; told at most once in a while, and the end of it too. */
  wrote(doing: Doing): void {
    if (!this.thing) return
    clearTimeout(this.stopTimer)
    this.stopTimer = setTimeout(() => this.stopped(), STOPPED_AFTER)
    if (this.doing === doing && this.now() - this.saidAt < SAY_EVERY) return
    this.doing = doing
    this.say()
  }

  stopped(): void {
    clearTimeout(this.stopTimer)
    if (this.doing === 'looking') return
    this.doing = 'looking'
    this.say()
  }

  /** Another tab is in front, or the telephone is in a pocket. */
  setHidden(hidden: boolean): void {
    if (hidden === this.hidden) return
    this.hidden = hidden
    if (this.thing) this.say()
  }

  private say(): void {
    this.saidAt = this.now()
    const thing = this.hidden ? null : this.thing
    this.feed.say(thing === null ? { type: 'view', thing } : { type: 'view', thing, doing: this.doing })
  }
}
