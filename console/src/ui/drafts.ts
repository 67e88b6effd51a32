// What was being written, kept per conversation and kind until it is sent, also over a reload. Works without storage.

export type DraftKind = 'text' | 'note'

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const PREFIX = 'relevo.draft.'

export class Drafts {
  private readonly memory = new Map<string, string>()

  constructor(private readonly store: Store | null) {}

  read(conversationId: string, kind: DraftKind): string {
    const key = `${PREFIX}${kind}.${conversationId}`
    const known = this.memory.get(key)
    if (known !== undefined) return known
    try {
      return this.store?.getItem(key) ?? ''
    } catch {
      return ''
    }
  }

  write(conversationId: string, kind: DraftKind, text: string): void {
    const key = `${PREFIX}${kind}.${conversationId}`
    this.memory.set(key, text)
    try {
      if (text.trim()) this.store?.setItem(key, text)
      else this.store?.removeItem(key)
    } catch {
      // A full or forbidden storage leaves the draft in memory, which is all that can be done.
    }
  }
}

let shared: Drafts | undefined

/** On a desk shared by a shift, the next person must not find what the last one was writing. */
export function forgetDrafts(): void {
  shared = undefined
  const store = browserStore()
  if (!store) return
  for (const key of Object.keys(store)) {
    if (key.startsWith(PREFIX)) store.removeItem(key)
  }
}

function browserStore(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

export function sharedDrafts(): Drafts {
  shared ??= new Drafts(browserStore())
  return shared
}
