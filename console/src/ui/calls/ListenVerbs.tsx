// What a supervisor can do with somebody's call, each with what the others will hear. Speaking needs one's audio.

import { IconEar, IconHeadset, IconMessageChatbot, IconSpeakerphone } from '@tabler/icons-react'
import { callRights, roleIn } from '../../api/callState'
import { useCallCommand } from '../../api/calls'
import type { Call, ListenMode } from '../../api/schema'
import { useSeat } from '../../api/seat'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { useVoice, useVoiceView } from '../voice/voice-context'
import classes from './ListenVerbs.module.css'
import { useTakeCall, whyNot } from './useTakeCall'

const ICONS = { listen: IconEar, whisper: IconMessageChatbot, barge: IconSpeakerphone, take: IconHeadset }
const MODES: ListenMode[] = ['listen', 'whisper', 'barge']

type Props = {
  call: Call
  /** The person is in another call, which comes first. */
  occupied: boolean
  /** Whether to offer taking the call here; the call desk has a button of its own for that. */
  withTake: boolean
}

export function ListenVerbs({ call, occupied, withTake }: Props) {
  const me = useMe()
  const voice = useVoice()
  const audio = useVoiceView()
  const rights = callRights(call, me)
  const command = useCallCommand(call)
  const lever = useTakeCall(call)
  const role = roleIn(call, me.id, useSeat())
  const silent = audio.state.name !== 'on'
  const choose = (mode: ListenMode) => {
    voice.mute(false)
    command.run({ path: 'listen', body: { mode } })
  }
  if (!rights.listen) return null
  const trouble = command.error ? whyNot(command.error) : lever.error
  return (
    <div className={classes.box}>
      <div className={classes.verbs}>
        {MODES.map(mode => (
          <Verb
            key={mode}
            verb={mode}
            on={role === mode}
            busy={command.busy}
            disabled={silent || occupied || (mode === 'whisper' && call.control !== 'agent')}
            onClick={() => choose(mode)}
          />
        ))}
        {withTake && (
          <Verb verb="take" on={false} busy={lever.busy} disabled={!rights.take || occupied} onClick={lever.take} />
        )}
      </div>
      {(role === 'listen' || role === 'whisper' || role === 'barge') && (
        <button type="button" className={classes.leave} onClick={() => command.run({ path: 'leave' })}>
          {texts.room.leave}
        </button>
      )}
      {silent ? (
        <p className={classes.note}>{texts.room.needsAudio}</p>
      ) : occupied ? (
        <p className={classes.note}>{texts.room.busy}</p>
      ) : null}
      {trouble && (
        <p className={classes.error} role="alert">
          {trouble}
        </p>
      )}
    </div>
  )
}

type VerbProps = { verb: ListenMode | 'take'; on: boolean; busy: boolean; disabled: boolean; onClick: () => void }

function Verb({ verb, on, busy, disabled, onClick }: VerbProps) {
  const Icon = ICONS[verb]
  const words = texts.room.verbs[verb]
  return (
    <button
      type="button"
      className={classes.verb}
      data-verb={verb}
      aria-pressed={verb === 'take' ? undefined : on}
      aria-busy={busy}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon size={19} stroke={1.8} aria-hidden />
      <span className={classes.words}>
        <strong>{words.name}</strong>
        <small>{words.hint}</small>
      </span>
    </button>
  )
}
