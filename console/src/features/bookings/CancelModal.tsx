import { Alert, Button, Chip, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useCancelBooking, useCancelTerms } from '../../api/booking'
import type { Booking } from '../../api/schema'
import { texts } from '../../texts'
import { money } from '../../ui/format'
import { explain } from '../../ui/StatePages'

const t = texts.booking.cancel
const LONGEST = 200

type Props = { booking: Booking; onClose: () => void; onDone: (words: string) => void }

export function CancelModal({ booking, onClose, onDone }: Props) {
  const cancel = useCancelBooking(booking.code)
  const terms = useCancelTerms(booking.code).data
  const [reason, setReason] = useState('')
  const submit = () =>
    cancel.mutate(reason.trim(), {
      onSuccess: ({ refund }) => {
        onDone(refund.amount > 0 ? t.refund(money(refund)) : t.noRefund)
        onClose()
      },
    })
  return (
    <Modal opened onClose={onClose} title={t.title} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <Stack>
        <Text size="sm">{t.help(booking.guest_name ?? texts.bookings.theGuest)}</Text>
        {terms && (
          <Alert variant="light" color="yellow" role="status">
            <Text size="sm" fw={600}>
              {terms.refund.amount > 0 ? t.willRefund(money(terms.refund)) : t.willNotRefund}
            </Text>
            {terms.policy && <Text size="sm">{terms.policy}</Text>}
          </Alert>
        )}
        <Group gap={6}>
          {t.reasons.map(each => (
            <Chip key={each} checked={reason === each} onChange={on => setReason(on ? each : '')}>
              {each}
            </Chip>
          ))}
        </Group>
        <TextInput
          label={t.reason}
          value={reason}
          maxLength={LONGEST}
          onChange={event => setReason(event.currentTarget.value)}
        />
        {cancel.error && (
          <Alert color="red" variant="light" role="alert">
            {explain(cancel.error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t.keep}
          </Button>
          <Button color="red.8" disabled={!reason.trim()} loading={cancel.isPending} onClick={submit}>
            {t.submit}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
