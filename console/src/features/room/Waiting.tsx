// Who waits for a person at this moment, in writing or on the telephone, the longest first; each opens its conversation.

import { Link } from '@tanstack/react-router'
import { useEntries } from '../../api/queues'
import type { QueueEntry } from '../../api/schema.queues'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { ChannelAvatar } from '../../ui/ChannelAvatar'
import { duration } from '../../ui/format'
import { SlaChip } from '../../ui/queues/SlaChip'
import { useSecond } from '../../ui/useNow'
import { waitingEntries } from './rooms'
import classes from './Waiting.module.css'

const t = texts.room.waiting
const SHOWN = 8

export function Waiting() {
  const entries = useEntries().data
  const waiting = waitingEntries(entries ?? [])
  if (!useMay('see_conversations') || waiting.length === 0) return null
  return (
    <section className={classes.waiting} aria-label={t.title}>
      <h2 className={classes.label}>
        {t.title} <span className="tabular">({waiting.length})</span>
      </h2>
      <ul className={classes.list}>
        {waiting.slice(0, SHOWN).map(entry => (
          <Row key={entry.id} entry={entry} />
        ))}
      </ul>
      {waiting.length > SHOWN && (
        <Link to="/bandeja" className={classes.more}>
          {texts.room.tv.more(waiting.length - SHOWN)}
        </Link>
      )}
    </section>
  )
}

function Row({ entry }: { entry: QueueEntry }) {
  const now = useSecond()
  return (
    <li>
      <Link to="/c/$id" params={{ id: entry.conversation_id }} className={classes.row}>
        <ChannelAvatar name={entry.person.name} channel={entry.channel} />
        <span className={classes.who}>
          <strong className="clip">{entry.person.name ?? texts.common.noName}</strong>
          <small className="clip">
            {[entry.queue?.name, entry.state === 'offered' ? t.offered : entry.reason_text].filter(Boolean).join(' · ')}
          </small>
        </span>
        <SlaChip conversationId={entry.conversation_id} />
        <span className={`${classes.time} tabular`} title={texts.room.longest}>
          {duration(Math.max(0, (now - Date.parse(entry.since)) / 1000))}
        </span>
      </Link>
    </li>
  )
}
