// Who something is booked for at the counter: a name, and a telephone or an e-mail.

import { SimpleGrid, Text, TextInput } from '@mantine/core'
import type { Guest } from '../api/schema.trade'
import { trade } from '../texts/trade'

const t = trade.guest

export const NOBODY: Guest = { name: '', phone: '', email: '' }

export function isReached(guest: Guest): boolean {
  return guest.name.trim() !== '' && (guest.phone.trim() !== '' || guest.email.trim() !== '')
}

export function GuestFields({ guest, onChange }: { guest: Guest; onChange: (guest: Guest) => void }) {
  return (
    <>
      <TextInput
        label={t.name}
        required
        withAsterisk={false}
        maxLength={120}
        value={guest.name}
        data-autofocus
        onChange={event => onChange({ ...guest, name: event.currentTarget.value })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          type="tel"
          label={t.phone}
          maxLength={40}
          value={guest.phone}
          onChange={event => onChange({ ...guest, phone: event.currentTarget.value })}
        />
        <TextInput
          type="email"
          label={t.email}
          maxLength={254}
          value={guest.email}
          onChange={event => onChange({ ...guest, email: event.currentTarget.value })}
        />
      </SimpleGrid>
      <Text size="sm" c="var(--muted)" mt={-4}>
        {t.contact}
      </Text>
    </>
  )
}
