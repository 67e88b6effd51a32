// The calls of this moment, in the order in which they want attention.

import type { Call } from '../../api/schema'
import { useSeat } from '../../api/seat'
import { texts } from '../../texts'
import { ActiveCallCard } from './ActiveCallCard'
import classes from './CallsPage.module.css'
import { deskSections, SECTIONS } from './deskSections'
import { QueueCard } from './QueueCard'
import { RingCard } from './RingCard'

type Props = { calls: Call[]; meId: string; openId: string | undefined; onOpen: (id: string) => void }

export function DeskSections({ calls, meId, openId, onOpen }: Props) {
  const sections = deskSections(calls, meId, useSeat())
  return SECTIONS.map(name => {
    const items = sections[name]
    if (items.length === 0) return null
    return (
      <section
        key={name}
        aria-label={texts.desk.sections[name]}
        aria-live={name === 'ringing' ? 'assertive' : undefined}
      >
        <h2 className={classes.label}>
          {texts.desk.sections[name]} <span className={classes.number}>{items.length}</span>
        </h2>
        {items.map(call =>
          name === 'ringing' ? (
            <RingCard key={call.id} call={call} onAnswered={() => onOpen(call.id)} />
          ) : name === 'queued' ? (
            <QueueCard key={call.id} call={call} selected={call.id === openId} onOpen={() => onOpen(call.id)} />
          ) : (
            <ActiveCallCard
              key={call.id}
              call={call}
              meId={meId}
              selected={call.id === openId}
              onOpen={() => onOpen(call.id)}
            />
          ),
        )}
      </section>
    )
  })
}
