import type { Call } from '../../api/schema'
import { texts } from '../../texts'
import { ChannelAvatar } from '../../ui/ChannelAvatar'
import { ControlChip } from '../../ui/ControlChip'
import { callSource, heard } from '../../ui/calls/words'
import { duration } from '../../ui/format'
import { LiveDot } from '../../ui/LiveDot'
import { personName } from '../../ui/people'
import { useSecond } from '../../ui/useNow'
import classes from './Cards.module.css'

type Props = { call: Call; meId: string; selected: boolean; onOpen: () => void }

export function ActiveCallCard({ call, meId, selected, onOpen }: Props) {
  const now = useSecond()
  const since = Date.parse(call.answered_at ?? call.started_at)
  return (
    <button type="button" className={classes.active} aria-pressed={selected} onClick={onOpen}>
      <ChannelAvatar name={call.person?.name ?? null} channel="call" />
      <span className={classes.main}>
        <span className={classes.line}>
          <span className={`${classes.name} clip`}>{personName(call.person, 'call')}</span>
          <span className={`${classes.timer} tabular`}>
            <LiveDot />
            {call.status === 'ringing' ? texts.calls.ringing : duration((now - since) / 1000)}
          </span>
        </span>
        <span className={classes.sub}>{callSource(call)}</span>
        <span className={classes.chip}>
          <ControlChip control={call.control} agent={call.agent} meId={meId} />
          {call.control === 'agent' && <span className={`${classes.sub} clip`}>{heard(call, meId).title}</span>}
        </span>
      </span>
    </button>
  )
}
