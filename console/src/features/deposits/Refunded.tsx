import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useRefunded } from '../../api/deposits'
import type { DepositCase } from '../../api/schema'
import { texts } from '../../texts'
import { explain } from '../../ui/StatePages'
import classes from './Decision.module.css'

const t = texts.deposits

export function Refunded({ item, onDone }: { item: DepositCase; onDone: (words: string) => void }) {
  const { code, guest_name } = item.booking
  const refunded = useRefunded(code)
  const words = t.refundedDone(guest_name ?? texts.bookings.theGuest)
  return (
    <div className={classes.ask}>
      <p className={classes.help}>{t.refundedHelp}</p>
      {refunded.error && (
        <p className={classes.error} role="alert">
          {explain(refunded.error)}
        </p>
      )}
      <Button
        size="md"
        leftSection={<IconCheck size={18} />}
        loading={refunded.isPending}
        onClick={() =>
          refunded.mutateAsync().then(
            () => onDone(words),
            () => undefined,
          )
        }
      >
        {t.refunded}
      </Button>
    </div>
  )
}
