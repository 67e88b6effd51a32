// A new appointment: a service, a day, one of the times that are free, and for whom.

import { Alert, Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Agenda, Guest } from '../../api/schema.trade'
import { useBookAppointment, useSlots } from '../../api/trade'
import { texts } from '../../texts'
import { trade } from '../../texts/trade'
import { money } from '../../ui/format'
import { GuestFields, isReached, NOBODY } from '../../ui/GuestFields'
import { newWish } from '../../ui/newWish'
import { explain } from '../../ui/StatePages'
import { asClock, clockIn } from './lanes'

const t = trade.agenda

export type Start = { day: string; minute: number | null; resource: string | null }

export function BookModal({ agenda, start, onClose }: { agenda: Agenda; start: Start; onClose: () => void }) {
  const book = useBookAppointment()
  const [wish] = useState(newWish)
  const served = agenda.resources.find(each => each.code === start.resource)?.services
  const services = agenda.services.filter(each => !served || served.includes(each.code))
  const [service, setService] = useState(services[0]?.code ?? null)
  const [day, setDay] = useState(start.day)
  const [picked, setPicked] = useState<string | null>(null)
  const [guest, setGuest] = useState<Guest>(NOBODY)
  const slots = useSlots(service, day)
  const free = slots.data ?? []
  const nearest =
    start.minute === null
      ? undefined
      : free.find(each => clockIn(agenda.timezone, each.start).minute >= (start.minute ?? 0))
  const at = free.some(each => each.start === picked) ? picked : ((nearest ?? free[0])?.start ?? null)
  const chosen = agenda.services.find(each => each.code === service)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!service || !at) return
    book.mutate(
      { service, start: at, guest, client_id: `${wish}:${Date.parse(at)}:${service}`.slice(0, 64) },
      { onSuccess: onClose },
    )
  }

  return (
    <Modal opened onClose={onClose} title={t.add} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label={t.service}
            allowDeselect={false}
            data={services.map(each => ({ value: each.code, label: `${each.name}, ${trade.minutes(each.minutes)}` }))}
            value={service}
            onChange={setService}
          />
          <SimpleGrid cols={2} spacing="sm">
            <TextInput type="date" label={t.day} value={day} onChange={event => setDay(event.currentTarget.value)} />
            <Select
              label={t.time}
              allowDeselect={false}
              searchable
              disabled={free.length === 0}
              placeholder={slots.isSuccess && free.length === 0 ? t.noSlots : undefined}
              data={free.map(each => ({
                value: each.start,
                label: asClock(clockIn(agenda.timezone, each.start).minute),
              }))}
              value={at}
              onChange={setPicked}
            />
          </SimpleGrid>
          <GuestFields guest={guest} onChange={setGuest} />
          {(book.error ?? slots.error) && (
            <Alert color="red" variant="light" role="alert">
              {explain(book.error ?? slots.error)}
            </Alert>
          )}
          <Group justify="space-between">
            <Text size="sm" fw={600}>
              {chosen && money({ amount: chosen.price, currency: agenda.currency })}
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                {texts.common.cancel}
              </Button>
              <Button type="submit" loading={book.isPending} disabled={!at || !isReached(guest)}>
                {t.book}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
