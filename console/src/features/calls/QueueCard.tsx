// A call that waits for a person: for how long, by colour and by number, and one button to take it.

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClock, IconHeadset } from '@tabler/icons-react'
import { callRights } from '../../api/callState'
import type { Call } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { useTakeCall } from '../../ui/calls/useTakeCall'
import { callSource } from '../../ui/calls/words'
import { duration } from '../../ui/format'
import { personName } from '../../ui/people'
import { useSecond } from '../../ui/useNow'
import { useVoice } from '../../ui/voice/voice-context'
import classes from './Cards.module.css'
import { waitAge, waitStart } from './deskSections'

type Props = { call: Call; selected: boolean; onOpen: () => void }

export function QueueCard({ call, selected, onOpen }: Props) {
  const me = useMe()
  const voice = useVoice()
  const now = useSecond()
  const lever = useTakeCall(call)
  const seconds = (now - waitStart(call)) / 1000
  const age = waitAge(seconds)
  const Icon = age === 'late' ? IconAlertTriangle : IconClock
  return (
    <div className={classes.queued} data-age={age} data-selected={selected}>
      <button type="button" className={classes.queuedOpen} aria-pressed={selected} onClick={onOpen}>
        <span className={`${classes.name} clip`}>{personName(call.person, 'call')}</span>
        <span className={`${classes.queuedSub} clip`}>{callSource(call)}</span>
        <span className={`${classes.wait} tabular`}>
          <Icon size={14} stroke={2} aria-hidden />
          {texts.desk.waiting(duration(seconds))}
          {age === 'late' && <span className="visually-hidden">{texts.desk.waitingLong}</span>}
        </span>
      </button>
      {callRights(call, me).take && (
        <Button
          className={classes.big ?? ''}
          leftSection={<IconHeadset size={17} />}
          loading={lever.busy}
          onClick={() => {
            voice.mute(false)
            lever.take()
            onOpen()
          }}
        >
          {texts.desk.take}
        </Button>
      )}
      {lever.error && (
        <p className={classes.error} role="alert">
          {lever.error}
        </p>
      )}
    </div>
  )
}
