// What the holder of a call can do to it. Hanging up is always confirmed and has no key of its own; the other shortcuts
// work on every page and live in ui/calls/useCallKeys.

import {
  IconDialpad,
  IconLifebuoy,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerRecord,
  IconPlayerStop,
  IconTransfer,
  IconUsersPlus,
} from '@tabler/icons-react'
import { useState } from 'react'
import { callRights, isMine, roleIn, voiceOf } from '../../api/callState'
import { useCallCommand } from '../../api/calls'
import type { Call } from '../../api/schema'
import { useSeat } from '../../api/seat'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { CallButton } from '../../ui/calls/CallButton'
import { useMute } from '../../ui/calls/useMute'
import { whyNot } from '../../ui/calls/useTakeCall'
import classes from './Controls.module.css'
import { HelpModal } from './HelpModal'
import { KeypadModal } from './KeypadModal'
import { TransferModal } from './TransferModal'

type Asking = 'transfer' | 'conference' | 'keypad' | 'help' | 'hang_up' | null

export function Controls({ call }: { call: Call }) {
  const me = useMe()
  const rights = callRights(call, me)
  const voice = voiceOf(call)
  const mine = isMine(call, me.id)
  const hold = useCallCommand(call)
  const record = useCallCommand(call)
  const help = useCallCommand(call)
  const hangUp = useCallCommand(call)
  const role = roleIn(call, me.id, useSeat())
  const speaks = role !== null && role !== 'listen'
  const mute = useMute(speaks ? call : null)
  const [asking, setAsking] = useState<Asking>(null)
  const t = texts.desk.controls
  const trouble = hold.error ?? record.error ?? help.error ?? mute.error
  const occupied = voice.consult !== null || voice.ringing.length > 0
  if (!rights.operate && !rights.hangUp && !speaks) return null
  return (
    <>
      <fieldset className={classes.controls} aria-label={t.label}>
        {speaks && (
          <CallButton
            icon={mute.muted ? IconMicrophoneOff : IconMicrophone}
            label={mute.muted ? t.unmute : t.mute}
            command="mute"
            on={mute.muted}
            disabled={mine && voice.agent_voice === 'off'}
            onClick={mute.toggle}
          />
        )}
        {rights.operate && (
          <>
            <CallButton
              icon={voice.on_hold ? IconPlayerPlay : IconPlayerPause}
              label={voice.on_hold ? t.resume : t.hold}
              command="onHold"
              on={voice.on_hold}
              busy={hold.busy}
              disabled={voice.consult !== null}
              onClick={() => hold.run({ path: 'hold', body: { on: !voice.on_hold } })}
            />
            <CallButton
              icon={IconTransfer}
              label={t.transfer}
              disabled={occupied}
              onClick={() => setAsking('transfer')}
            />
            <CallButton
              icon={IconUsersPlus}
              label={t.conference}
              disabled={occupied}
              onClick={() => setAsking('conference')}
            />
            <CallButton icon={IconDialpad} label={t.keypad} onClick={() => setAsking('keypad')} />
            <CallButton
              icon={voice.recording === 'on' ? IconPlayerStop : IconPlayerRecord}
              label={voice.recording === 'off' ? t.noRecording : voice.recording === 'on' ? t.pause : t.unpause}
              command="pauseRecording"
              on={voice.recording === 'paused'}
              disabled={voice.recording === 'off'}
              busy={record.busy}
              onClick={() => record.run({ path: 'record', body: { paused: voice.recording === 'on' } })}
            />
            {mine && (
              <CallButton
                icon={IconLifebuoy}
                label={voice.help ? t.helped : t.help}
                command="askHelp"
                on={voice.help !== null}
                busy={help.busy}
                onClick={() =>
                  voice.help ? help.run({ path: 'help', body: { on: false, note: '' } }) : setAsking('help')
                }
              />
            )}
          </>
        )}
        {rights.hangUp && (
          <CallButton icon={IconPhoneOff} label={t.hangUp} tone="danger" onClick={() => setAsking('hang_up')} />
        )}
      </fieldset>
      {trouble && (
        <p className={classes.error} role="alert">
          {whyNot(trouble)}
        </p>
      )}
      <TransferModal
        call={call}
        mode={asking === 'transfer' || asking === 'conference' ? asking : null}
        onClose={() => setAsking(null)}
      />
      <KeypadModal call={call} opened={asking === 'keypad'} onClose={() => setAsking(null)} />
      <HelpModal call={call} opened={asking === 'help'} onClose={() => setAsking(null)} />
      <ConfirmModal
        opened={asking === 'hang_up'}
        danger
        title={texts.desk.hangUpTitle}
        help={texts.desk.hangUpHelp}
        confirm={t.hangUp}
        busy={hangUp.busy}
        error={hangUp.error ? whyNot(hangUp.error) : null}
        onClose={() => setAsking(null)}
        onConfirm={() => hangUp.run({ path: 'hang_up' }, () => setAsking(null))}
      />
    </>
  )
}
