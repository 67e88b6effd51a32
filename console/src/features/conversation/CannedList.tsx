// The canned replies that fit what is being typed, above the composer.

import { useEffect, useState } from 'react'
import type { CannedReply } from '../../api/schema.queues'
import { texts } from '../../texts'
import classes from './Canned.module.css'

const t = texts.queues.canned

type Props = { items: CannedReply[]; chosen: number; onChoose: (reply: CannedReply) => void }

export function CannedList({ items, chosen, onChoose }: Props) {
  return (
    <div className={classes.list} role="listbox" aria-label={t.list} id="canned">
      {items.map((reply, index) => (
        <button
          key={reply.id}
          type="button"
          role="option"
          id={`canned-${index}`}
          aria-selected={index === chosen}
          className={classes.item}
          tabIndex={-1}
          // The field keeps the focus.
          onMouseDown={event => event.preventDefault()}
          onClick={() => onChoose(reply)}
        >
          <span className={classes.code}>/{reply.shortcut}</span>
          <strong>{reply.title}</strong>
          <span className={`${classes.text} clip`}>{reply.text}</span>
        </button>
      ))}
      <span className={classes.hint}>{t.hint}</span>
    </div>
  )
}

/** Which of them is marked; the first one again whenever something else fits. */
export function useMarked(items: readonly CannedReply[]): [number, (step: number) => void] {
  const [marked, setMarked] = useState(0)
  const ids = items.map(item => item.id).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is the reason
  useEffect(() => setMarked(0), [ids])
  const move = (step: number) => setMarked(now => (now + step + items.length) % Math.max(1, items.length))
  return [marked, move]
}
