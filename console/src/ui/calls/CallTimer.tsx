import type { Call } from '../../api/schema'
import { texts } from '../../texts'
import { duration } from '../format'
import { LiveDot } from '../LiveDot'
import { useSecond } from '../useNow'
import classes from './CallTimer.module.css'
import { callStart } from './words'

export function CallTimer({ call, plain = false }: { call: Call; plain?: boolean }) {
  const now = useSecond()
  return (
    <span className={`${classes.timer} tabular`} role="timer">
      {!plain && <LiveDot />}
      {call.status === 'ringing' ? texts.calls.ringing : duration((now - callStart(call)) / 1000)}
    </span>
  )
}
