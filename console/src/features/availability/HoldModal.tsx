// Holding the picked nights for somebody who is at the counter or on the telephone. One wish is one hold, however often
// it is sent.

import { Alert, Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useHoldRoom } from '../../api/grid'
import type { Booking } from '../../api/schema'
import type { Grid, HoldWish } from '../../api/schema.grid'
import { texts } from '../../texts'
import { grid as t } from '../../texts/grid'
import { money } from '../../ui/format'
import { newWish } from '../../ui/newWish'
import { explain } from '../../ui/StatePages'
import { nightsBetween, type Picked, priceOf, type Row, shift } from './rows'

type Props = { grid: Grid; row: Row; picked: Picked; onClose: () => void; onHeld: (booking: Booking) => void }
type Guest = { name: string; phone: string; email: string; guests: number; children: number }

const ANY = ''

export function HoldModal({ grid, row, picked, onClose, onHeld }: Props) {
  const hold = useHoldRoom()
  const [wish] = useState(newWish)
  const [room, setRoom] = useState(row.room.number)
  const [dates, setDates] = useState({
    in: shift(grid.from, picked.col),
    out: shift(grid.from, picked.col + picked.span),
  })
  const [guest, setGuest] = useState<Guest>({
    name: '',
    phone: '',
    email: '',
    guests: Math.min(2, row.type.capacity),
    children: 0,
  })
  const nights = nightsBetween(dates.in, dates.out)
  const col = nightsBetween(grid.from, dates.in)
  const inSight = nights > 0 && col >= 0 && col + nights <= grid.nights
  const reachable = guest.phone.trim() !== '' || guest.email.trim() !== ''
  const set = (part: Partial<Guest>) => setGuest(known => ({ ...known, ...part }))

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const asked: HoldWish = {
      room_type: row.type.code,
      room: room || null,
      check_in: dates.in,
      check_out: dates.out,
      guests: guest.guests,
      children: guest.children,
      guest_name: guest.name.trim(),
      guest_phone: guest.phone.trim() || null,
      guest_email: guest.email.trim() || null,
      // A wish that was changed is another wish.
      client_id: `${wish}:${dates.in}:${dates.out}:${room}`,
    }
    hold.mutate(asked, { onSuccess: onHeld })
  }

  return (
    <Modal opened onClose={onClose} title={t.hold.title} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label={`${t.hold.room} · ${row.type.name}`}
            allowDeselect={false}
            data={[
              ...row.type.rooms.map(each => ({ value: each.number, label: each.number })),
              { value: ANY, label: t.hold.anyRoom },
            ]}
            value={room}
            onChange={value => setRoom(value ?? ANY)}
          />
          <SimpleGrid cols={2} spacing="sm">
            <TextInput
              type="date"
              label={t.hold.checkIn}
              required
              withAsterisk={false}
              value={dates.in}
              onChange={event => setDates({ ...dates, in: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              label={t.hold.checkOut}
              required
              withAsterisk={false}
              value={dates.out}
              error={nights > 0 ? null : t.hold.dates}
              onChange={event => setDates({ ...dates, out: event.currentTarget.value })}
            />
          </SimpleGrid>
          <TextInput
            label={t.hold.name}
            required
            withAsterisk={false}
            maxLength={120}
            value={guest.name}
            data-autofocus
            onChange={event => set({ name: event.currentTarget.value })}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput
              type="tel"
              label={t.hold.phone}
              maxLength={40}
              value={guest.phone}
              onChange={event => set({ phone: event.currentTarget.value })}
            />
            <TextInput
              type="email"
              label={t.hold.email}
              maxLength={254}
              value={guest.email}
              onChange={event => set({ email: event.currentTarget.value })}
            />
          </SimpleGrid>
          <Text size="sm" c="var(--muted)" mt={-4}>
            {t.hold.contact}
          </Text>
          <SimpleGrid cols={2} spacing="sm">
            <NumberInput
              label={t.hold.guests}
              min={1}
              max={20}
              allowDecimal={false}
              value={guest.guests}
              onChange={value => set({ guests: Number(value) || 1 })}
            />
            <NumberInput
              label={t.hold.children}
              min={0}
              max={Math.max(0, guest.guests - 1)}
              allowDecimal={false}
              value={guest.children}
              onChange={value => set({ children: Number(value) || 0 })}
            />
          </SimpleGrid>
          {hold.error && (
            <Alert color="red" variant="light" role="alert">
              {explain(hold.error)}
            </Alert>
          )}
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={600} className="tabular">
              {inSight &&
                t.hold.total(
                  money({ amount: priceOf(row.type, col, nights), currency: row.type.currency }),
                  texts.bookings.nights(nights),
                )}
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                {texts.common.cancel}
              </Button>
              <Button
                type="submit"
                loading={hold.isPending}
                disabled={nights < 1 || !guest.name.trim() || !reachable}
                title={reachable ? undefined : t.hold.needs}
              >
                {t.hold.submit}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
