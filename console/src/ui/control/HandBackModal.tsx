// Handing back asks for one line, which the assistant reads.

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { es } from '../../texts/es'

type Props = { opened: boolean; busy: boolean; onClose: () => void; onSubmit: (note: string) => void }

export function HandBackModal({ opened, busy, onClose, onSubmit }: Props) {
  const [note, setNote] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit(note.trim())
    setNote('')
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={es.control.handBackTitle}
      closeButtonProps={{ 'aria-label': es.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="var(--muted)">
            {es.control.handBackHelp}
          </Text>
          <TextInput
            data-autofocus
            label={es.control.handBackNote}
            placeholder={es.control.handBackPlaceholder}
            maxLength={500}
            value={note}
            onChange={event => setNote(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {es.common.cancel}
            </Button>
            <Button type="submit" loading={busy}>
              {es.control.handBackSubmit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
