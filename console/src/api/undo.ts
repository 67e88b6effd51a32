// What was just done and can still be undone, for a few seconds; and what was shown as done and was refused.

export type Notice = {
  id: number
  words: string
  /** Absent: there is nothing to undo, it is only said. */
  undo?: () => Promise<unknown>
  state: 'open' | 'undoing' | 'undone' | 'failed'
  tone: 'done' | 'refused'
  /** Why the undoing failed. */
  error?: unknown
}

export const SHOWN_FOR = 8_000
const SAID_FOR = 3_000
const MOST = 3

export class Undos {
  items: readonly Notice[] = []
  private readonly watchers = new Set<() => void>()
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>()
  private last = 0

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  offer(words: string, undo: () => Promise<unknown>): void {
    this.add({ words, undo, state: 'open', tone: 'done' })
  }

  refused(words: string): void {
    this.add({ words, state: 'open', tone: 'refused' })
  }

  async undo(id: number): Promise<void> {
    const notice = this.items.find(item => item.id === id)
    if (!notice?.undo || notice.state !== 'open') return
    this.hold(id)
    this.change(id, { state: 'undoing' })
    try {
      await notice.undo()
      this.change(id, { state: 'undone' })
      this.leave(id, SAID_FOR)
    } catch (error) {
      this.change(id, { state: 'failed', error })
      this.leave(id, SHOWN_FOR)
    }
  }

  /** Somebody is reading it, or about to press. */
  hold(id: number): void {
    clearTimeout(this.timers.get(id))
    this.timers.delete(id)
  }

  release(id: number): void {
    const notice = this.items.find(item => item.id === id)
    if (notice && notice.state !== 'undoing') this.leave(id, SHOWN_FOR)
  }

  dismiss(id: number): void {
    this.hold(id)
    this.set(this.items.filter(item => item.id !== id))
  }

  /** Whoever comes next has done none of it. */
  clear(): void {
    for (const item of this.items) this.hold(item.id)
    this.set([])
  }

  private add(notice: Omit<Notice, 'id'>): void {
    this.last += 1
    const fresh = { ...notice, id: this.last }
    for (const old of this.items.slice(0, Math.max(0, this.items.length - MOST + 1))) this.hold(old.id)
    this.set([...this.items.slice(-(MOST - 1)), fresh])
    this.leave(fresh.id, SHOWN_FOR)
  }

  private leave(id: number, after: number): void {
    this.hold(id)
    this.timers.set(
      id,
      setTimeout(() => this.dismiss(id), after),
    )
  }

  private change(id: number, change: Partial<Notice>): void {
    this.set(this.items.map(item => (item.id === id ? { ...item, ...change } : item)))
  }

  private set(items: readonly Notice[]): void {
    this.items = items
    for (const watcher of this.watchers) watcher()
  }
}

export const undos = new Undos()
