import { IconMicrophone, IconPhoneIncoming, IconPhoneOutgoing } from '@tabler/icons-react'
import type { Call } from '../../api/schema'
import { texts } from '../../texts'
import { callSeconds, endReason } from '../../ui/calls/words'
import { duration, shortWhen } from '../../ui/format'
import { personName } from '../../ui/people'
import { useMinute } from '../../ui/useNow'
import classes from './Cards.module.css'

export function EndedCallRow({ call, selected, onOpen }: { call: Call; selected: boolean; onOpen: () => void }) {
  const now = useMinute()
  const Icon = call.direction === 'outbound' ? IconPhoneOutgoing : IconPhoneIncoming
  return (
    <li>
      <button type="button" className={classes.row} aria-pressed={selected} onClick={onOpen}>
        <Icon
          size={18}
          stroke={1.7}
          aria-label={call.direction === 'outbound' ? texts.calls.outbound : texts.calls.inbound}
        />
        <span className={classes.main}>
          <span className={classes.line}>
            <span className={`${classes.name} clip`}>{personName(call.person, 'call')}</span>
            <time className={classes.when}>{shortWhen(call.ended_at ?? call.started_at, now)}</time>
          </span>
          <span className={`${classes.sub} clip`}>
            <span className="tabular">{duration(callSeconds(call))}</span>
            {call.end_reason ? ` · ${endReason(call.end_reason)}` : ''}
            {call.recording && (
              <>
                {' · '}
                <IconMicrophone size={13} stroke={1.8} aria-hidden /> {texts.calls.recording}
              </>
            )}
          </span>
        </span>
      </button>
    </li>
  )
}
