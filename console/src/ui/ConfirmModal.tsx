// For what cannot be undone: says what will happen and asks once.

import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { texts } from '../texts'

type Props = {
  opened: boolean
  title: string
  help: string
  confirm: string
  danger?: boolean
  busy: boolean
  error?: string | null
  onClose: () => void
  onConfirm: () => void
}

export function ConfirmModal({ opened, title, help, confirm, danger, busy, error, onClose, onConfirm }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <Stack>
        <Text size="sm">{help}</Text>
        {error && (
          <Alert color="red" variant="light" role="alert">
            {error}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.common.cancel}
          </Button>
          <Button {...(danger ? { color: 'red.8' } : {})} loading={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
