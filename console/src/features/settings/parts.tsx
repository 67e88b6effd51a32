// Pieces that the tabs of Ajustes share: an editing window, levels of skills as text, how much at once per channel.

import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import type { FormEvent, ReactNode } from 'react'
import { texts } from '../../texts'
import { explain } from '../../ui/StatePages'
import classes from './Settings.module.css'

type Editor = {
  title: string
  busy: boolean
  error: unknown
  wrong?: string | null
  onClose: () => void
  onSave: () => void
  size?: string | number
  children: ReactNode
}

export function EditModal({ title, busy, error, wrong, onClose, onSave, size = 'lg', children }: Editor) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!wrong) onSave()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': texts.common.close, size: 44 }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {children}
          {(wrong || error !== null) && (
            <Text size="sm" role="alert" c="var(--error-fg)" bg="var(--error-bg)" p="xs" style={{ borderRadius: 10 }}>
              {wrong ?? explain(error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" mih={44} onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" mih={44} loading={busy}>
              {texts.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

export function Capacity({
  channels,
  value,
  onChange,
}: {
  channels: string[]
  value: Record<string, number>
  onChange: (value: Record<string, number>) => void
}) {
  return (
    <div className={classes.capacity}>
      {channels.map(channel => (
        <NumberInput
          key={channel}
          label={texts.queues.settings.channels[channel] ?? channel}
          min={0}
          max={50}
          value={value[channel] ?? ''}
          onChange={next => {
            const { [channel]: _, ...others } = value
            onChange(next === '' ? others : { ...others, [channel]: Number(next) })
          }}
        />
      ))}
    </div>
  )
}

export function Chips({ items, tone }: { items: string[]; tone?: 'ok' | 'off' }) {
  return items.map(item => (
    <span key={item} className={classes.chip} data-tone={tone}>
      {item}
    </span>
  ))
}

/** Beside a line that may be changed: edit it, remove it. */
export function LineActions({ name, onEdit, onDrop }: { name: string; onEdit: () => void; onDrop: () => void }) {
  const s = texts.queues.settings
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} />} onClick={onEdit}>
        {s.edit}
      </Button>
      <Button variant="default" px={12} aria-label={`${s.remove}: ${name}`} onClick={onDrop}>
        <IconTrash size={17} aria-hidden />
      </Button>
    </>
  )
}
