// Who else has a thing on the screen, as the feed tells it. Nothing of it is kept: without a connection nobody is known.

export type Doing = 'looking' | 'note' | 'reply'
export type Viewer = { id: string; name: string; doing: Doing }
type Item = { thing: string; who: Viewer[] }

const NOBODY: readonly Viewer[] = []

export class Viewers {
  private readonly things = new Map<string, readonly Viewer[]>()
  private readonly watchers = new Set<() => void>()

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  of(thing: string): readonly Viewer[] {
    return this.things.get(thing) ?? NOBODY
  }

  /** What an ephemeral frame says, if it is one of these. */
  hear(kind: string, data: unknown): void {
    if (kind !== 'viewing') return
    for (const { thing, who } of (data as { items?: Item[] } | null)?.items ?? []) {
      if (who.length > 0) this.things.set(thing, who)
      else this.things.delete(thing)
    }
    this.tell()
  }

  /** Everything whose name begins so is about to be told anew. */
  forget(prefix = ''): void {
    const gone = [...this.things.keys()].filter(thing => thing.startsWith(prefix))
    for (const thing of gone) this.things.delete(thing)
    if (gone.length > 0) this.tell()
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher()
  }
}
