// Into manual mode and out of it. Going in asks for a reason, which the whole team reads.

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useSetMode } from '../../api/house'
import { texts } from '../../texts'
import { explain } from '../StatePages'

const t = texts.house.mode
const LONGEST = 200

type Props = { opened: boolean; manual: boolean; onClose: () => void }

export function ModeModal({ opened, manual, onClose }: Props) {
  const change = useSetMode()
  const [reason, setReason] = useState('')
  const close = () => {
    change.reset()
    setReason('')
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ mode: manual ? 'manual' : 'normal', reason: reason.trim() }, { onSuccess: close })
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={manual ? t.manualTitle : t.normalTitle}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{manual ? t.manualAsk : t.normalAsk}</Text>
          {manual && (
            <TextInput
              label={t.reason}
              placeholder={t.reasonPlaceholder}
              maxLength={LONGEST}
              value={reason}
              onChange={event => setReason(event.currentTarget.value)}
              data-autofocus
            />
          )}
          {change.error && (
            <Text size="sm" c="var(--mantine-color-red-text)" role="alert">
              {explain(change.error)}
            </Text>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {texts.common.cancel}
            </Button>
            <Button
              type="submit"
              data-autofocus={manual ? undefined : true}
              loading={change.isPending}
              disabled={manual && !reason.trim()}
            >
              {manual ? t.toManual : t.toNormal}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
