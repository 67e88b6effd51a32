// The keys of a call, on every page: they mean the call one has, or the one that rings. Taking over and handing back
// belong to what is open (see StateBar and ControlBar); hanging up has no key.

import { isMine, roleIn, voiceOf } from '../../api/callState'
import { useCallCommand } from '../../api/calls'
import type { Call } from '../../api/schema'
import { useSeat } from '../../api/seat'
import { useMe } from '../../api/session'
import { useShortcuts } from '../useShortcuts'
import { useAnswer } from './useAnswer'
import { useMute } from './useMute'

export function useCallKeys(present: Call | null, ringing: Call | null, onAnswered: (call: Call) => void): void {
  const me = useMe()
  const held = present && isMine(present, me.id) ? present : null
  const seat = useSeat()
  const role = present ? roleIn(present, me.id, seat) : null
  const command = useCallCommand(held)
  const answer = useAnswer(ringing)
  const mute = useMute(present)
  const voice = held ? voiceOf(held) : null
  const speaks = voice ? voice.agent_voice !== 'off' : role !== null && role !== 'listen'
  useShortcuts({
    answer: ringing ? () => answer.answer(true, () => onAnswered(ringing)) : undefined,
    mute: speaks ? mute.toggle : undefined,
    onHold: voice ? () => command.run({ path: 'hold', body: { on: !voice.on_hold } }) : undefined,
    pauseRecording:
      voice && voice.recording !== 'off'
        ? () => command.run({ path: 'record', body: { paused: voice.recording === 'on' } })
        : undefined,
    askHelp: voice ? () => command.run({ path: 'help', body: { on: voice.help === null, note: '' } }) : undefined,
  })
}
