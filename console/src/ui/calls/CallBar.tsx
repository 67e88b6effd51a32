// The call one has, on every page: for how long, who, and what one reaches for most. Also the call that rings.

import { useMediaQuery } from '@mantine/hooks'
import {
  IconArrowBackUp,
  IconArrowUpRight,
  IconLogout,
  IconMicrophone,
  IconMicrophoneOff,
  IconPlayerPause,
  IconPlayerPlay,
} from '@tabler/icons-react'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { isMine, presentCall, ringFor, roleIn, voiceOf } from '../../api/callState'
import { useActiveCalls, useCallCommand } from '../../api/calls'
import { useLostCall, useWatchLostCall } from '../../api/lostCall'
import type { Call } from '../../api/schema'
import { useSeat, useWatchSeat } from '../../api/seat'
import { useMay, useMe } from '../../api/session'
import { texts } from '../../texts'
import { HandBackModal } from '../control/HandBack'
import { personName } from '../people'
import { useWakeLock } from '../voice/useWakeLock'
import { useVoiceView } from '../voice/voice-context'
import { BarButton } from './BarButton'
import classes from './CallBar.module.css'
import { CallTimer } from './CallTimer'
import { LostBar, RingBar } from './NewsBars'
import { useCallKeys } from './useCallKeys'
import { useHelpAlert } from './useHelpAlert'
import { useMute } from './useMute'
import { useMuteSync } from './useMuteSync'
import { useRinging } from './useRinging'
import { useTakeCall, whyNot } from './useTakeCall'
import { presence } from './words'

const NO_CALLS: Call[] = []

export function CallBar() {
  const me = useMe()
  const seat = useSeat()
  const audio = useVoiceView()
  const calls = useActiveCalls().data ?? NO_CALLS
  const navigate = useNavigate()
  const present = presentCall(calls, me.id, seat)
  const held = present && isMine(present, me.id) ? present : null
  const ringing = calls.find(call => ringFor(call, me.id)) ?? null
  const open = (call: Call) => void navigate({ to: '/llamadas', search: { llamada: call.id } })
  const lostId = useLostCall()
  const lost = calls.find(call => call.id === lostId) ?? null
  const onDesk = useOnDesk(present)
  useRinging(ringing !== null, audio.settings.speaker)
  useWakeLock(present !== null && audio.state.name === 'on')
  useWatchLostCall(calls, me.id, audio.settings.on && audio.state.name !== 'on')
  useHelpAlert(calls, useMay('listen'), audio.settings.speaker)
  useWatchSeat(calls, me.id)
  useMuteSync(present, me.id)
  useCallKeys(present, ringing, open)
  return (
    <>
      {lost && !onDesk.here && <LostBar call={lost} />}
      {ringing && !onDesk.here && <RingBar call={ringing} onAnswered={() => open(ringing)} />}
      {present && !onDesk.open && <PresentBar call={present} held={held !== null} onOpen={() => open(present)} />}
    </>
  )
}

/** On the call desk the call that is open there needs no second set of buttons. */
function useOnDesk(present: Call | null): { here: boolean; open: boolean } {
  const wide = useMediaQuery('(min-width: 48em)', true)
  const { pathname, search } = useRouterState({ select: state => state.location })
  const here = pathname === '/llamadas'
  const asked = (search as { llamada?: string }).llamada
  return { here, open: here && (asked === present?.id || (asked === undefined && wide)) }
}

function PresentBar({ call, held, onOpen }: { call: Call; held: boolean; onOpen: () => void }) {
  const me = useMe()
  const voice = voiceOf(call)
  const command = useCallCommand(call)
  const mute = useMute(call)
  const lever = useTakeCall(call)
  const [handing, setHanding] = useState(false)
  const seat = useSeat()
  const role = roleIn(call, me.id, seat)
  const t = texts.desk.controls
  const problem = command.error ?? mute.error
  const trouble = problem ? whyNot(problem) : lever.error
  return (
    <section className={classes.bar} aria-label={texts.desk.bar.label}>
      <div className={classes.who}>
        <span className={classes.line}>
          <CallTimer call={call} />
          <strong className="clip">{personName(call.person, 'call')}</strong>
        </span>
        <span className={trouble ? classes.trouble : `${classes.state} clip`} role={trouble ? 'alert' : 'status'}>
          {trouble ?? presence(call, me.id, seat)}
        </span>
      </div>
      <div className={classes.buttons}>
        {role !== 'listen' && (
          <BarButton
            icon={mute.muted ? IconMicrophoneOff : IconMicrophone}
            label={mute.muted ? t.unmute : t.mute}
            command="mute"
            on={mute.muted}
            disabled={held && voice.agent_voice === 'off'}
            onClick={mute.toggle}
          />
        )}
        {held && (
          <>
            <BarButton
              icon={voice.on_hold ? IconPlayerPlay : IconPlayerPause}
              label={voice.on_hold ? t.resume : t.hold}
              command="onHold"
              on={voice.on_hold}
              onClick={() => command.run({ path: 'hold', body: { on: !voice.on_hold } })}
            />
            <BarButton
              icon={IconArrowBackUp}
              label={texts.desk.bar.handBack}
              busy={lever.busy}
              onClick={() => setHanding(true)}
            />
          </>
        )}
        {!held && (
          <BarButton icon={IconLogout} label={texts.desk.bar.leave} onClick={() => command.run({ path: 'leave' })} />
        )}
        <BarButton icon={IconArrowUpRight} label={texts.desk.bar.open} onClick={onOpen} />
      </div>
      <HandBackModal
        opened={handing}
        busy={lever.busy}
        onClose={() => setHanding(false)}
        onSubmit={note => lever.handBack(note, () => setHanding(false))}
      />
    </section>
  )
}
