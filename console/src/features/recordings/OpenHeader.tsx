// Whose recording is open, from when, and the way to its call.

import { IconArrowLeft, IconPhone } from '@tabler/icons-react'
import { useRecording } from '../../api/recordings'
import { texts } from '../../texts'
import { callSource, endReason } from '../../ui/calls/words'
import { clock, dayName } from '../../ui/format'
import { LinkIcon } from '../../ui/links'
import { personName } from '../../ui/people'
import { useMinute } from '../../ui/useNow'
import classes from './RecordingsPage.module.css'

export function OpenHeader({ id }: { id: string }) {
  const recording = useRecording(id).data
  const now = useMinute()
  const about = recording && [
    `${dayName(recording.started_at, now)}, ${clock(recording.started_at)}`,
    callSource(recording),
    endReason(recording.end_reason),
  ]
  return (
    <header className={classes.openHead}>
      <LinkIcon
        to="/grabaciones"
        search={{}}
        className={classes.back ?? ''}
        variant="subtle"
        color="gray"
        size={44}
        aria-label={texts.common.back}
      >
        <IconArrowLeft size={22} />
      </LinkIcon>
      <div className={classes.main}>
        <h2 className={`${classes.openName} clip`}>
          {recording ? personName(recording.person, 'call') : texts.recordings.title}
        </h2>
        <span className={`${classes.sub} clip`}>{about?.filter(Boolean).join(' · ')}</span>
      </div>
      {recording && (
        <LinkIcon
          to="/llamadas"
          search={{ llamada: recording.call_id }}
          variant="default"
          size={40}
          aria-label={texts.recordings.openCall}
          title={texts.recordings.openCall}
        >
          <IconPhone size={19} />
        </LinkIcon>
      )}
    </header>
  )
}
