// Who holds the conversation and the one lever to change it. What may be done comes from the server as actions.

import { Button } from '@mantine/core'
import { IconArrowBackUp, IconCheck, IconHeadset, IconSparkles, IconUserExclamation } from '@tabler/icons-react'
import { useState } from 'react'
import { conversationActions } from '../../api/actions'
import { useControl } from '../../api/conversations'
import type { Conversation } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { toldReason } from '../../texts/told'
import { whyNot } from '../calls/useTakeCall'
import { useShortcutNames } from '../commands/keymap'
import { useShortcuts } from '../useShortcuts'
import classes from './ControlBar.module.css'
import { HandBackModal } from './HandBack'

const ICONS = { bot: IconSparkles, queued: IconUserExclamation, agent: IconHeadset, closed: IconCheck }

type Props = { conversation: Conversation; onTaken?: () => void }

export function ControlBar({ conversation, onTaken }: Props) {
  const key = useShortcutNames()
  const me = useMe()
  const control = useControl(conversation.id)
  const [handing, setHanding] = useState(false)
  const actions = conversationActions(conversation, me)
  const mayTake = actions.includes('take_over')
  const mayHand = actions.includes('hand_back')
  const take = () => {
    if (!mayTake || control.isPending) return
    const body = { control_version: conversation.control_version }
    control.mutate({ path: 'take_over', body }, { onSuccess: () => onTaken?.() })
  }
  const handBack = (note: string) =>
    control.mutate({ path: 'hand_back', body: { note } }, { onSettled: () => setHanding(false) })
  useShortcuts({ takeOver: take, handBack: mayHand ? () => setHanding(true) : undefined })
  const Icon = ICONS[conversation.control]
  const status = describe(conversation, me.id)
  return (
    <div className={classes.bar} data-control={conversation.control}>
      <div className={classes.state}>
        <span className={classes.icon}>
          <Icon size={19} stroke={1.8} aria-hidden />
        </span>
        <div className={classes.words}>
          <strong>{status.title}</strong>
          <span className={classes.hint}>{status.hint}</span>
        </div>
      </div>
      <div className={classes.buttons}>
        {mayHand && (
          <Button
            className={classes.button ?? ''}
            variant="default"
            leftSection={<IconArrowBackUp size={17} />}
            onClick={() => setHanding(true)}
            aria-keyshortcuts={key('handBack')}
          >
            {texts.control.handBack}
          </Button>
        )}
        {mayTake && (
          <Button
            className={classes.button ?? ''}
            leftSection={<IconHeadset size={17} />}
            loading={control.isPending}
            onClick={take}
            aria-keyshortcuts={key('takeOver')}
          >
            {conversation.control === 'agent' && conversation.agent?.name
              ? texts.control.takeFrom(conversation.agent.name)
              : texts.control.takeOver}
          </Button>
        )}
      </div>
      {control.error && (
        <p className={classes.error} role="alert">
          {whyNot(control.error)}
        </p>
      )}
      <HandBackModal opened={handing} busy={control.isPending} onClose={() => setHanding(false)} onSubmit={handBack} />
    </div>
  )
}

function describe(conversation: Conversation, meId: string): { title: string; hint: string } {
  if (conversation.control === 'bot') return { title: texts.control.botHolds, hint: texts.control.botHoldsHint }
  if (conversation.control === 'queued')
    return { title: texts.control.queuedHolds, hint: toldReason(conversation.reason, conversation.reason_text) ?? '' }
  if (conversation.control === 'closed') return { title: texts.control.closedHolds, hint: texts.control.closedHint }
  if (conversation.agent?.id === meId) return { title: texts.control.mine, hint: texts.control.mineHint }
  return { title: texts.control.held(conversation.agent?.name ?? texts.control.agent), hint: texts.control.heldHint }
}
