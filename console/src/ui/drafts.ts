// What was being written, kept per person, conversation and kind until it is sent, also over a reload and a sign-out.
// Whoever signs in next at the same machine finds nothing of it: it goes when somebody else comes. Works without storage.

export type DraftKind = 'text' | 'note'
/** `seen`: the last message there was when the writing began. */
export type Draft = { text: string; seen: number }

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

const PREFIX = 'relevo.draft.'
const EMPTY: Draft = { text: '', seen: 0 }

export class Drafts {
  private readonly memory = new Map<string, Draft>()

  constructor(
    private readonly store: Store | null,
    readonly owner: string,
  ) {
    this.forgetOthers()
  }

  read(conversationId: string, kind: DraftKind): Draft {
    const key = this.key(conversationId, kind)
    const known = this.memory.get(key)
    if (known !== undefined) return known
    const saved = this.saved(key)
    this.memory.set(key, saved)
    return saved
  }

  /** `last`: the last message there is now. */
  write(conversationId: string, kind: DraftKind, text: string, last: number): void {
    const key = this.key(conversationId, kind)
    const before = this.read(conversationId, kind)
    this.keep(key, { text, seen: before.text.trim() === '' ? last : before.seen })
  }

  /** Whoever writes has seen everything up to `last`. */
  reviewed(conversationId: string, kind: DraftKind, last: number): void {
    this.keep(this.key(conversationId, kind), { ...this.read(conversationId, kind), seen: last })
  }

  private keep(key: string, draft: Draft): void {
    this.memory.set(key, draft)
    try {
      if (draft.text.trim()) this.store?.setItem(key, JSON.stringify(draft))
      else this.store?.removeItem(key)
    } catch {
      // A full or forbidden storage leaves the draft in memory, which is all that can be done.
    }
  }

  private key(conversationId: string, kind: DraftKind): string {
    return `${PREFIX}${this.owner}.${kind}.${conversationId}`
  }

  private saved(key: string): Draft {
    try {
      const saved: unknown = JSON.parse(this.store?.getItem(key) ?? 'null')
      return isDraft(saved) ? saved : EMPTY
    } catch {
      return EMPTY
    }
  }

  private forgetOthers(): void {
    try {
      const { store } = this
      if (!store) return
      const found = Array.from({ length: store.length }, (_, at) => store.key(at) ?? '')
      for (const key of found) {
        if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${this.owner}.`)) store.removeItem(key)
      }
    } catch {
      // Nothing could be kept either.
    }
  }
}

let shared: Drafts | undefined

/** Those of whoever is signed in. */
export function draftsOf(owner: string): Drafts {
  if (shared?.owner !== owner) shared = new Drafts(browserStore(), owner)
  return shared
}

function browserStore(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

function isDraft(value: unknown): value is Draft {
  const draft = value as Partial<Draft> | null
  return typeof draft?.text === 'string' && typeof draft.seen === 'number'
}
