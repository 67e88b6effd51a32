import { Button, Group } from '@mantine/core'
import { IconFileTypePdf, IconSend } from '@tabler/icons-react'
import { bookingPath, type SentVoucher, useSendVoucher } from '../../api/booking'
import { ApiError } from '../../api/client'
import type { Booking } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import classes from './Parts.module.css'

const t = texts.booking

function ways({ chat, mail }: SentVoucher): 'both' | 'chat' | 'mail' | 'none' {
  if (chat && mail) return 'both'
  if (chat) return 'chat'
  return mail ? 'mail' : 'none'
}

export function Voucher({ booking }: { booking: Booking }) {
  const send = useSendVoucher(booking.code)
  const mayChange = useMay('change_bookings')
  const there = booking.status === 'confirmed'
  const absent = send.error instanceof ApiError && send.error.absent
  return (
    <Section title={t.voucher}>
      {there ? (
        <Group gap="xs" grow preventGrowOverflow={false}>
          <Button
            component="a"
            href={bookingPath(booking.code, '/voucher.pdf')}
            target="_blank"
            rel="noreferrer"
            variant="default"
            leftSection={<IconFileTypePdf size={17} />}
          >
            {t.voucherOpen}
          </Button>
          {mayChange && (
            <Button
              variant="default"
              leftSection={<IconSend size={17} />}
              loading={send.isPending}
              onClick={() => send.mutate()}
            >
              {t.voucherSend}
            </Button>
          )}
        </Group>
      ) : (
        <p className={classes.soft}>{t.voucherNone}</p>
      )}
      {send.isSuccess && (
        <p className={classes.good} role="status">
          {t.voucherSent[ways(send.data)]}
        </p>
      )}
      {send.error && (
        <p className={classes.bad} role="alert">
          {absent && !send.error.message ? texts.house.unavailable : explain(send.error)}
        </p>
      )}
    </Section>
  )
}
