import { IconPhoneIncoming, IconPhoneOutgoing } from '@tabler/icons-react'
import type { RecordingItem } from '../../api/schema'
import { texts } from '../../texts'
import { callSource, endReason } from '../../ui/calls/words'
import { clock, duration, shortWhen } from '../../ui/format'
import { personName } from '../../ui/people'
import { soundless } from '../../ui/recordings/wave'
import { useMinute } from '../../ui/useNow'
import classes from './RecordingsPage.module.css'

type Props = { recording: RecordingItem; selected: boolean; onOpen: () => void }

export function RecordingRow({ recording, selected, onOpen }: Props) {
  const now = useMinute()
  const Icon = recording.direction === 'outbound' ? IconPhoneOutgoing : IconPhoneIncoming
  const when = shortWhen(recording.started_at, now)
  const hour = clock(recording.started_at)
  const about = [
    duration(recording.seconds),
    endReason(recording.end_reason),
    recording.agent?.name,
    soundless(recording.state) ? texts.recordings.states[recording.state] : null,
  ]
  return (
    <li>
      <button type="button" className={classes.row} aria-pressed={selected} onClick={onOpen}>
        <Icon size={18} stroke={1.7} aria-hidden />
        <span className={classes.main}>
          <span className={classes.top}>
            <span className={`${classes.name} clip`}>{personName(recording.person, 'call')}</span>
            <time className={classes.when} dateTime={recording.started_at}>
              {when === hour ? when : `${when} ${hour}`}
            </time>
          </span>
          <span className={`${classes.sub} clip tabular`}>{about.filter(Boolean).join(' · ')}</span>
          <span className={`${classes.sub} clip`}>{callSource(recording)}</span>
        </span>
      </button>
    </li>
  )
}
