// Who holds a conversation, as icon, word and colour together.

import { IconCheck, IconHeadset, IconSparkles, IconUserExclamation } from '@tabler/icons-react'
import type { Control, Named } from '../api/schema'
import { texts } from '../texts'
import classes from './ControlChip.module.css'

const ICONS = { bot: IconSparkles, queued: IconUserExclamation, agent: IconHeadset, closed: IconCheck }

type Props = { control: Control; agent: Named | null; meId: string }

export function holderWord({ control, agent, meId }: Props): string {
  if (control !== 'agent') return texts.control[control]
  return agent?.id === meId ? texts.control.mine : (agent?.name ?? texts.control.agent)
}

export function ControlChip(props: Props) {
  const Icon = ICONS[props.control]
  return (
    <span className={classes.chip} data-control={props.control}>
      <Icon size={13} stroke={2} aria-hidden />
      <span className="clip">{holderWord(props)}</span>
    </span>
  )
}
