// What was sent from here and is not confirmed: on its way, or failed with a way to try again.

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClock } from '@tabler/icons-react'
import type { Outgoing } from '../../api/outbox'
import { texts } from '../../texts'
import { Bubble } from '../../ui/thread/Bubble'
import classes from './OutboxItems.module.css'

type Props = { items: Outgoing[]; onRetry: (item: Outgoing) => void; onDiscard: (item: Outgoing) => void }

export function OutboxItems({ items, onRetry, onDiscard }: Props) {
  return items.map(item => (
    <Bubble
      key={item.clientId}
      tone={item.kind === 'note' ? 'note' : 'agent'}
      name={texts.common.you}
      text={[item.text, item.file?.name].filter(Boolean).join('\n')}
      faint={item.state === 'sending'}
      foot={
        item.state === 'sending' ? (
          <>
            <IconClock size={13} aria-hidden /> {texts.thread.pending}
          </>
        ) : undefined
      }
    >
      {item.state === 'failed' && (
        <div className={classes.failed} role="alert">
          <IconAlertTriangle size={16} aria-hidden />
          <span className={classes.why}>{item.error || texts.thread.failed}</span>
          <Button size="compact-sm" variant="white" color="red.9" onClick={() => onRetry(item)}>
            {texts.common.retry}
          </Button>
          <Button size="compact-sm" variant="subtle" color="red.9" onClick={() => onDiscard(item)}>
            {texts.thread.discard}
          </Button>
        </div>
      )}
    </Bubble>
  ))
}
