// Pieces that the tabs of Ajustes share: an editing window, levels of skills as text, how much at once per channel.

import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconPencil, IconTrash } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { texts } from '../../texts'
import { setup } from '../../texts/setup'
import { explain } from '../../ui/StatePages'
import pieces from './Pieces.module.css'
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

/** What a subject is for, under its title. */
export function Lead({ children }: { children: ReactNode }) {
  return <p className={pieces.lead}>{children}</p>
}

export function Note({ children, tone }: { children: ReactNode; tone?: 'warn' }) {
  return (
    <p className={pieces.note} data-tone={tone}>
      {children}
    </p>
  )
}

/** A line of text to be taken elsewhere. */
export function CopyLine({ label, text }: { label: string; text: string }) {
  const [state, setState] = useState<'' | 'copied' | 'failed'>('')
  useEffect(() => {
    if (state !== 'copied') return
    const later = setTimeout(() => setState(''), 2_500)
    return () => clearTimeout(later)
  }, [state])
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    )
  return (
    <div className={pieces.copy}>
      <span className={pieces.copyLabel}>{label}</span>
      <div className={pieces.copyLine}>
        <code>{text}</code>
        <Button
          variant="default"
          size="xs"
          leftSection={state === 'copied' ? <IconCheck size={15} /> : <IconCopy size={15} />}
          aria-label={`${setup.copy}: ${label}`}
          onClick={() => void copy()}
        >
          {state === 'copied' ? setup.copied : setup.copy}
        </Button>
      </div>
      <span role="status" className="visually-hidden">
        {state === 'copied' ? setup.copied : ''}
      </span>
      {state === 'failed' && (
        <span role="alert" className={pieces.copyLabel}>
          {setup.copyFailed}
        </span>
      )}
    </div>
  )
}
