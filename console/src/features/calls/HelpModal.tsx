// Asking the supervisor for help, in one line or none.

import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCallCommand } from '../../api/calls'
import type { Call } from '../../api/schema'
import { texts } from '../../texts'
import { whyNot } from '../../ui/calls/useTakeCall'

type Props = { call: Call; opened: boolean; onClose: () => void }

export function HelpModal({ call, opened, onClose }: Props) {
  const help = useCallCommand(call)
  const [note, setNote] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    help.run({ path: 'help', body: { on: true, note: note.trim() } }, () => {
      setNote('')
      onClose()
    })
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.desk.help.title}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="var(--muted)">
            {texts.desk.help.explain}
          </Text>
          <TextInput
            data-autofocus
            label={texts.desk.help.note}
            placeholder={texts.desk.help.placeholder}
            maxLength={200}
            value={note}
            onChange={event => setNote(event.currentTarget.value)}
          />
          {help.error && (
            <Alert color="red" variant="light" role="alert">
              {whyNot(help.error)}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" loading={help.busy}>
              {texts.desk.help.send}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
