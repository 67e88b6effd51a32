import { useState } from 'react'
import { useMe } from '../../api/session'
import { type DraftKind, draftsOf } from '../../ui/drafts'

export type Writing = {
  text: string
  seen: number
  write: (text: string) => void
  /** All that there is has been seen. */
  reviewed: () => void
}

/** What is being written to a conversation, and how far one had read when it was begun. */
export function useDraft(conversationId: string, kind: DraftKind, last: number): Writing {
  const drafts = draftsOf(useMe().id)
  const [, redraw] = useState(0)
  const { text, seen } = drafts.read(conversationId, kind)
  const write = (next: string) => {
    drafts.write(conversationId, kind, next, last)
    redraw(n => n + 1)
  }
  const reviewed = () => {
    drafts.reviewed(conversationId, kind, last)
    redraw(n => n + 1)
  }
  return { text, seen, write, reviewed }
}
