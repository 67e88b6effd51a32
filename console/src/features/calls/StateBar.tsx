// Who the customer hears now, large, and the lever: take the call, or give it back to the assistant.

import { Button } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconHeadset,
  IconMicrophoneOff,
  IconMusic,
  IconSparkles,
  IconUserExclamation,
  IconVolumeOff,
} from '@tabler/icons-react'
import { useState } from 'react'
import { callRights } from '../../api/callState'
import type { Speaking } from '../../api/merge'
import type { Call } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { useTakeCall } from '../../ui/calls/useTakeCall'
import { heard } from '../../ui/calls/words'
import { useShortcutNames, withShortcut } from '../../ui/commands/keymap'
import { HandBackModal } from '../../ui/control/HandBack'
import { LiveDot } from '../../ui/LiveDot'
import { useShortcuts } from '../../ui/useShortcuts'
import { useVoice } from '../../ui/voice/voice-context'
import classes from './StateBar.module.css'

const ICONS = {
  bot: IconSparkles,
  agent: IconHeadset,
  hold: IconMusic,
  muted: IconMicrophoneOff,
  queued: IconUserExclamation,
  trouble: IconAlertTriangle,
  quiet: IconVolumeOff,
}

export function StateBar({ call, speaking }: { call: Call; speaking: Speaking }) {
  const key = useShortcutNames()
  const me = useMe()
  const voice = useVoice()
  const rights = callRights(call, me)
  const lever = useTakeCall(call)
  const [handing, setHanding] = useState(false)
  const state = heard(call, me.id)
  const Icon = ICONS[state.tone]
  const talker = (['customer', 'agent', 'bot'] as const).find(author => speaking[author])
  const take = () => {
    voice.mute(false)
    lever.take()
  }
  useShortcuts({
    takeOver: rights.take ? take : undefined,
    handBack: rights.handBack ? () => setHanding(true) : undefined,
  })
  return (
    <div className={classes.bar} data-tone={state.tone}>
      <span className={classes.icon}>
        <Icon size={26} stroke={1.7} aria-hidden />
      </span>
      <div className={classes.words}>
        <strong className={classes.title} role="status">
          {state.title}
        </strong>
        <span className={classes.hint}>
          {talker ? (
            <span className={classes.talker}>
              <LiveDot /> {texts.desk.speaking[talker]}
            </span>
          ) : (
            state.hint
          )}
        </span>
      </div>
      <div className={classes.buttons}>
        {rights.handBack && (
          <Button
            className={classes.button ?? ''}
            variant="default"
            size="md"
            leftSection={<IconArrowBackUp size={18} />}
            title={withShortcut(texts.control.handBack, key('handBack'))}
            aria-keyshortcuts={key('handBack')}
            loading={lever.busy}
            onClick={() => setHanding(true)}
          >
            {texts.control.handBack}
          </Button>
        )}
        {rights.take && (
          <Button
            className={classes.button ?? ''}
            size="md"
            leftSection={<IconHeadset size={18} />}
            title={withShortcut(texts.control.takeOver, key('takeOver'))}
            aria-keyshortcuts={key('takeOver')}
            loading={lever.busy}
            onClick={take}
          >
            {call.control === 'agent' && call.agent?.name
              ? texts.control.takeFrom(call.agent.name)
              : texts.control.takeOver}
          </Button>
        )}
      </div>
      {lever.error && (
        <p className={classes.error} role="alert">
          {lever.error}
        </p>
      )}
      <HandBackModal
        opened={handing}
        busy={lever.busy}
        onClose={() => setHanding(false)}
        onSubmit={note => lever.handBack(note, () => setHanding(false))}
      />
    </div>
  )
}
