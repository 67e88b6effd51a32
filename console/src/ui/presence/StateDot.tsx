// The sign of a state: a shape as well as a colour, so that neither is needed alone.

import {
  IconCircleCheckFilled,
  IconClipboardText,
  IconPhoneFilled,
  IconPlayerPauseFilled,
  IconPlugOff,
  IconSchool,
} from '@tabler/icons-react'
import type { StateName } from '../../api/presenceState'
import classes from './StateDot.module.css'

const ICONS = {
  available: IconCircleCheckFilled,
  on_call: IconPhoneFilled,
  wrap_up: IconClipboardText,
  pause: IconPlayerPauseFilled,
  training: IconSchool,
  offline: IconPlugOff,
}

export function StateDot({ state, size = 16 }: { state: StateName; size?: number }) {
  const Icon = ICONS[state]
  return (
    <span className={classes.dot} data-state={state}>
      <Icon size={size} aria-hidden />
    </span>
  )
}
