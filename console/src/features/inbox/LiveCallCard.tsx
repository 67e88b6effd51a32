// A call of this moment, above every folder.

import { Link } from '@tanstack/react-router'
import type { Call } from '../../api/schema'
import { texts } from '../../texts'
import { ChannelAvatar } from '../../ui/ChannelAvatar'
import { ControlChip } from '../../ui/ControlChip'
import { duration } from '../../ui/format'
import { LiveDot } from '../../ui/LiveDot'
import { personName } from '../../ui/people'
import { useSecond } from '../../ui/useNow'
import classes from './Card.module.css'

export function LiveCallCard({ call, selected, meId }: { call: Call; selected: boolean; meId: string }) {
  const now = useSecond()
  const since = Date.parse(call.answered_at ?? call.started_at)
  return (
    <Link
      to="/c/$id"
      params={{ id: call.conversation_id }}
      className={`${classes.card} ${classes.call}`}
      aria-current={selected ? 'true' : undefined}
    >
      <ChannelAvatar name={call.person?.name ?? null} channel="call" />
      <span className={classes.main}>
        <span className={classes.line}>
          <span className={`${classes.name} clip`}>{personName(call.person, 'call')}</span>
          <span className={`${classes.timer} tabular`}>
            <LiveDot />
            {call.status === 'ringing' ? texts.calls.ringing : duration((now - since) / 1000)}
          </span>
        </span>
        <span className={classes.foot}>
          <ControlChip control={call.control} agent={call.agent} meId={meId} />
        </span>
      </span>
    </Link>
  )
}
