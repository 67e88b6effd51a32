// Says what is about to be done, and lets it be undone until then.

import { Button } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { serverNow } from '../../api/clock'
import type { Rejecting } from '../../api/deposits'
import { texts } from '../../texts'
import type { Pending } from '../../ui/delayed'
import { explain } from '../../ui/StatePages'
import { useSecond } from '../../ui/useNow'
import classes from './DepositsPage.module.css'

type Props = { pending: Pending<Rejecting & { guest: string }> | null; error: unknown; onUndo: () => void }

export function UndoBar({ pending, error, onUndo }: Props) {
  const now = useSecond()
  if (!pending) {
    return error ? (
      <p className={classes.trouble} role="alert">
        {explain(error)}
      </p>
    ) : null
  }
  const seconds = Math.max(1, Math.ceil((serverNow(pending.dueAt) - now) / 1000))
  return (
    <div className={classes.undo} role="status">
      <span>{texts.deposits.rejecting(pending.wish.guest, seconds)}</span>
      <Button variant="white" color="dark" size="xs" leftSection={<IconArrowBackUp size={16} />} onClick={onUndo}>
        {texts.deposits.undo}
      </Button>
    </div>
  )
}
