// What is being offered to whoever is at this desk: accept or let pass, before the time is over.

import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useAnswerOffer, useOffers } from '../../api/queues'
import type { QueueEntry } from '../../api/schema.queues'
import { chime } from '../../audio/chime'
import { texts } from '../../texts'
import { ChannelAvatar, channelName } from '../ChannelAvatar'
import { personName } from '../people'
import { explain } from '../StatePages'
import { useSecond } from '../useNow'
import classes from './Queues.module.css'
import { brief } from './sla'

const t = texts.queues.offer

export function OfferToast() {
  const offers = useOffers()
  const now = useSecond()
  const standing = offers.filter(entry => Date.parse(entry.offered_until ?? '') > now)
  const first = standing[0]
  const id = first?.id
  useEffect(() => {
    if (id) chime('offer', '')
  }, [id])
  if (!first) return null
  return <Offer key={first.id} entry={first} now={now} others={standing.length - 1} />
}

function Offer({ entry, now, others }: { entry: QueueEntry; now: number; others: number }) {
  const navigate = useNavigate()
  const answer = useAnswerOffer(entry, id => void navigate({ to: '/c/$id', params: { id } }))
  const [whole] = useState(() => Math.max(1, seconds(entry, Date.parse(entry.at))))
  const left = Math.max(0, Math.ceil(seconds(entry, now)))
  const reply = (accept: boolean) => answer.mutate(accept)
  const reason = [entry.reason_text, t.waits(brief(Math.max(0, (now - Date.parse(entry.since)) / 1000)))]
  return (
    <section className={classes.offer} role="alert" aria-label={t.label}>
      <div className={classes.top}>
        <ChannelAvatar name={entry.person.name} channel={entry.channel} />
        <div className={classes.who}>
          <span className={classes.kicker}>
            {t.label} {others > 0 ? t.more(others) : ''}
          </span>
          <strong className="clip">{entry.person.name ?? personName(null, entry.channel)}</strong>
          <span className={`${classes.kicker} clip`}>
            {t.by(channelName(entry.channel), entry.queue?.name ?? texts.queues.board.queue)}
          </span>
        </div>
        <span className={`${classes.left} tabular`} role="timer" aria-label={t.leftHelp(left)}>
          {t.left(left)}
        </span>
      </div>
      <p className={classes.why}>{reason.filter(Boolean).join(' ')}</p>
      <div className={classes.bar} aria-hidden>
        <span style={{ width: `${Math.min(100, (100 * seconds(entry, now)) / whole)}%` }} />
      </div>
      {answer.error && (
        <p className={classes.error} role="alert">
          {explain(answer.error)}
        </p>
      )}
      <div className={classes.buttons}>
        <Button loading={answer.isPending && answer.variables} onClick={() => reply(true)}>
          {t.accept}
        </Button>
        <Button variant="default" loading={answer.isPending && answer.variables === false} onClick={() => reply(false)}>
          {t.decline}
        </Button>
      </div>
    </section>
  )
}

function seconds(entry: QueueEntry, now: number): number {
  return (Date.parse(entry.offered_until ?? '') - now) / 1000
}
