// Handing back asks for one line, which the assistant reads.

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { texts } from '../../texts'

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
      title={texts.control.handBackTitle}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="var(--muted)">
            {texts.control.handBackHelp}
          </Text>
          <TextInput
            data-autofocus
            label={texts.control.handBackNote}
            placeholder={texts.control.handBackPlaceholder}
            maxLength={500}
            value={note}
            onChange={event => setNote(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" loading={busy}>
              {texts.control.handBackSubmit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
