// How much time is left of what was promised to this customer, as icon, time and colour together.

import { IconAlarm, IconClockPause } from '@tabler/icons-react'
import { useEntry } from '../../api/queues'
import type { QueueEntry } from '../../api/schema.queues'
import { useSecond } from '../useNow'
import classes from './Queues.module.css'
import { slaOf } from './sla'

export function SlaChip({ conversationId }: { conversationId: string }) {
  const entry = useEntry(conversationId)
  return entry && entry.clocks.length > 0 ? <Ticking entry={entry} /> : null
}

function Ticking({ entry }: { entry: QueueEntry }) {
  const sla = slaOf(entry, useSecond())
  if (!sla) return null
  const Icon = sla.tone === 'paused' ? IconClockPause : IconAlarm
  return (
    <span className={classes.sla} data-tone={sla.tone} title={sla.label}>
      <Icon size={13} stroke={2} aria-hidden />
      <span className="visually-hidden">{sla.label}</span>
      <span className="tabular" aria-hidden>
        {sla.text}
      </span>
    </span>
  )
}
