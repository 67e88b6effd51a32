// What was sent from here and is not confirmed: on its way, or failed with a way to try again.

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClock, IconCloudOff } from '@tabler/icons-react'
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
      faint={item.state !== 'failed'}
      foot={
        item.state === 'failed' ? undefined : (
          <>
            {item.state === 'sending' ? <IconClock size={13} aria-hidden /> : <IconCloudOff size={13} aria-hidden />}{' '}
            {item.state === 'sending' ? texts.thread.pending : texts.beside.waiting}
            {item.state === 'waiting' && (
              <button type="button" className={classes.discard} onClick={() => onDiscard(item)}>
                {texts.thread.discard}
              </button>
            )}
          </>
        )
      }
    >
      {item.state === 'failed' && (
        <div className={classes.failed} role="alert">
          <IconAlertTriangle size={16} aria-hidden />
          <span className={classes.why}>{item.error || texts.thread.failed}</span>
          <Button size="compact-sm" variant="white" color="red.9" onClick={() => onRetry(item)}>
            {item.seen === undefined ? texts.common.retry : texts.beside.sendAnyway}
          </Button>
          <Button size="compact-sm" variant="subtle" color="red.9" onClick={() => onDiscard(item)}>
            {texts.thread.discard}
          </Button>
        </div>
      )}
    </Bubble>
  ))
}
