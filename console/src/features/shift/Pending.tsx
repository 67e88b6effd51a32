// Conversations that ended without a result being said: what is left over when the wrap-up was closed.

import { Button } from '@mantine/core'
import { useState } from 'react'
import { usePending, useShift } from '../../api/presence'
import { texts } from '../../texts'
import { shortWhen } from '../../ui/format'
import { WrapUpDrawer } from '../../ui/presence/WrapUpDrawer'
import { useMinute } from '../../ui/useNow'
import classes from './ShiftPage.module.css'

const t = texts.presence.wrap

export function Pending() {
  const items = usePending().data ?? []
  const shift = useShift().data
  const now = useMinute()
  const [open, setOpen] = useState<string | null>(null)
  if (items.length === 0) return null
  return (
    <section className={classes.card} aria-label={t.untyped}>
      <h2 className={classes.label}>{t.untyped}</h2>
      <p className={classes.hint}>{t.untypedHelp}</p>
      <ul className={classes.list}>
        {items.map(item => (
          <li key={item.conversation_id} className={classes.row}>
            <span className={classes.what}>
              {item.person.name ?? texts.common.noName}
              <small className="muted">
                {item.queue.name}
                {item.ended_at ? ` · ${shortWhen(item.ended_at, now)}` : ''}
              </small>
            </span>
            <Button size="compact-sm" variant="default" onClick={() => setOpen(item.conversation_id)}>
              {t.put}
            </Button>
          </li>
        ))}
      </ul>
      {open && shift && <WrapUpDrawer key={open} conversation={open} shift={shift} onClose={() => setOpen(null)} />}
    </section>
  )
}
