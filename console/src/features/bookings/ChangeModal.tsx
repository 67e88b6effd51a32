// Changing a stay: first what it would cost, then, with that in sight, doing it.

import { Alert, Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChangeOffer, useChangeStay, useRoomOffers } from '../../api/booking'
import type { Booking, Stay } from '../../api/schema'
import { texts } from '../../texts'
import { explain } from '../../ui/StatePages'
import { OfferView } from './OfferView'
import { sameStay, stayOf } from './stay'

const t = texts.booking.change

type Props = { booking: Booking; onClose: () => void; onDone: (words: string) => void }

export function ChangeModal({ booking, onClose, onDone }: Props) {
  const before = stayOf(booking)
  const [stay, setStay] = useState<Stay>(before)
  const offer = useChangeOffer(booking.code)
  const change = useChangeStay(booking.code)
  const inOrder = stay.check_in !== '' && stay.check_out > stay.check_in
  const rooms = useRoomOffers(stay, inOrder)
  const changed = !sameStay(stay, before)
  const set = (part: Partial<Stay>) => {
    offer.reset()
    change.reset()
    setStay(known => ({ ...known, ...part }))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!offer.data) offer.mutate(stay)
    else {
      const agreed = { stay, total: offer.data.after.amount }
      change.mutate(agreed, {
        onSuccess: fresh => {
          onDone(t.done[fresh.status] ?? '')
          onClose()
        },
      })
    }
  }
  const error = change.error ?? offer.error
  return (
    <Modal opened onClose={onClose} title={t.title} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <form onSubmit={submit}>
        <Stack>
          <SimpleGrid cols={2} spacing="sm">
            <TextInput
              type="date"
              label={t.checkIn}
              required
              withAsterisk={false}
              value={stay.check_in}
              onChange={event => set({ check_in: event.currentTarget.value })}
              data-autofocus
            />
            <TextInput
              type="date"
              label={t.checkOut}
              required
              withAsterisk={false}
              value={stay.check_out}
              error={inOrder ? null : t.nights}
              onChange={event => set({ check_out: event.currentTarget.value })}
            />
            <NumberInput
              label={t.guests}
              min={1}
              max={20}
              allowDecimal={false}
              value={stay.guests}
              onChange={value => set({ guests: Number(value) || 1 })}
            />
            <NumberInput
              label={t.children}
              min={0}
              max={20}
              allowDecimal={false}
              value={stay.children}
              onChange={value => set({ children: Number(value) || 0 })}
            />
          </SimpleGrid>
          <Select
            label={t.roomType}
            allowDeselect={false}
            data={roomChoices(booking, rooms.data ?? [])}
            value={stay.room_type}
            onChange={value => value && set({ room_type: value })}
          />
          {offer.data && <OfferView offer={offer.data} />}
          {error && (
            <Alert color="red" variant="light" role="alert">
              {explain(error)}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button
              type="submit"
              disabled={!changed || !inOrder}
              title={changed ? undefined : t.nothing}
              loading={offer.isPending || change.isPending}
            >
              {offer.data ? t.submit : t.see}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** The present room always can be kept in sight, though it counts as taken: the guest has it. */
function roomChoices(booking: Booking, offers: readonly { room_type: string; name: string }[]) {
  const { type, type_name } = booking.room
  const others = offers.filter(offer => offer.room_type !== type)
  return [
    { value: type, label: type_name ?? type },
    ...others.map(offer => ({ value: offer.room_type, label: offer.name })),
  ]
}
