// One appointment: what, when and for whom; cancelling asks once more.

import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Appointment } from '../../api/schema.people'
import { useMay } from '../../api/session'
import { useCancelAppointment } from '../../api/trade'
import { texts } from '../../texts'
import { trade } from '../../texts/trade'
import { calendarDay, capital, money } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { Facts } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { asClock, clockIn } from './lanes'

const t = trade.agenda

type Props = { appointment: Appointment; zone: string; resource: string | undefined; onClose: () => void }

export function AppointmentModal({ appointment, zone, resource, onClose }: Props) {
  const [sure, setSure] = useState(false)
  const cancel = useCancelAppointment()
  const mayChange = useMay('change_bookings')
  const seesPeople = useMay('see_conversations')
  const now = useMinute()
  const [from, until] = [clockIn(zone, appointment.start), clockIn(zone, appointment.end)]
  const over = Date.parse(appointment.start) < now
  const facts: [string, string | null | undefined][] = [
    [t.service, `${appointment.service.name}, ${trade.minutes(appointment.service.minutes)}`],
    [t.day, `${capital(calendarDay(from.day))}, ${asClock(from.minute)}-${asClock(until.minute)}`],
    [t.resource, resource],
    [t.price, money(appointment.price)],
    [trade.guest.phone, appointment.phone],
    [t.code, appointment.code],
  ]
  return (
    <Modal
      opened
      onClose={onClose}
      title={appointment.name ?? appointment.code}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <Stack>
        <Facts items={facts.filter((fact): fact is [string, string] => Boolean(fact[1]))} />
        {cancel.error && (
          <Alert color="red" variant="light" role="alert">
            {explain(cancel.error)}
          </Alert>
        )}
        {sure && <Text size="sm">{t.sure}</Text>}
        <Group justify="flex-end" gap="xs">
          {!sure && seesPeople && appointment.person_id && (
            <LinkButton to="/clientes/$id" params={{ id: appointment.person_id }} variant="default">
              {trade.customer}
            </LinkButton>
          )}
          {sure && (
            <Button variant="default" onClick={() => setSure(false)}>
              {t.keep}
            </Button>
          )}
          {mayChange && !over && appointment.status === 'booked' && (
            <Button
              color="red"
              variant={sure ? 'filled' : 'light'}
              loading={cancel.isPending}
              onClick={() => (sure ? cancel.mutate(appointment.code, { onSuccess: onClose }) : setSure(true))}
            >
              {t.cancel}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
