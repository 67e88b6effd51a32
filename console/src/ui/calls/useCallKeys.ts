// The keys of a call, on every page: they mean the call one has, or the one that rings. Taking over and handing back
// belong to what is open (see StateBar and ControlBar); hanging up has no key.

import { voiceOf } from '../../api/callState'
import { useCallCommand } from '../../api/calls'
import type { Call } from '../../api/schema'
import { useShortcuts } from '../useShortcuts'
import { useAnswer } from './useAnswer'
import { useMute } from './useMute'

export function useCallKeys(held: Call | null, ringing: Call | null, onAnswered: (call: Call) => void): void {
  const command = useCallCommand(held)
  const answer = useAnswer(ringing)
  const mute = useMute(held)
  const voice = held ? voiceOf(held) : null
  useShortcuts({
    'Alt+KeyA': ringing ? () => answer.answer(true, () => onAnswered(ringing)) : undefined,
    'Alt+KeyX': voice && voice.agent_voice !== 'off' ? mute.toggle : undefined,
    'Alt+KeyH': voice ? () => command.run({ path: 'hold', body: { on: !voice.on_hold } }) : undefined,
    'Alt+KeyG':
      voice && voice.recording !== 'off'
        ? () => command.run({ path: 'record', body: { paused: voice.recording === 'on' } })
        : undefined,
    'Alt+KeyU': voice ? () => command.run({ path: 'help', body: { on: voice.help === null, note: '' } }) : undefined,
  })
}
