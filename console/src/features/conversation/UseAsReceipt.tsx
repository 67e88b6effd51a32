// A file the customer sent becomes the receipt of their booking, when nobody noticed by itself that it is one.

import { Button } from '@mantine/core'
import { IconCheck, IconReceipt } from '@tabler/icons-react'
import { useAttachReceipt, useDeposits } from '../../api/deposits'
import type { Attachment, Booking } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { LinkButton } from '../../ui/links'
import { explain } from '../../ui/StatePages'
import classes from './ConversationPage.module.css'

const t = texts.attachments

export function UseAsReceipt({ file, bookings }: { file: Attachment; bookings: readonly Booking[] }) {
  const may = useMay('change_bookings')
  const attach = useAttachReceipt()
  const cases = useDeposits('received', bookings.length > 0).data ?? []
  if (!may) return null
  const known = cases.find(item => item.receipts.some(receipt => receipt.attachment_id === file.id))
  const code = known?.booking.code ?? (attach.isSuccess ? attach.variables.code : null)
  if (code) {
    return (
      <LinkButton
        to="/senas"
        search={{ reserva: code }}
        size="compact-sm"
        variant="default"
        leftSection={<IconCheck size={15} />}
      >
        {t.seeDeposit}
      </LinkButton>
    )
  }
  const waiting = bookings.filter(booking => booking.status === 'hold' && booking.deposit?.status !== 'confirmed')
  const booking = waiting[waiting.length - 1]
  if (!booking) return null
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconReceipt size={15} />}
        loading={attach.isPending}
        onClick={() => attach.mutate({ code: booking.code, attachmentId: file.id })}
      >
        {t.asReceipt}
      </Button>
      {attach.error && (
        <span className={classes.fileError} role="alert">
          {explain(attach.error)}
        </span>
      )}
    </>
  )
}
