// What a supervisor says whenever a state is not the agent's own word: for which pause, and why.

import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core'
import type { Reason } from '../../api/presenceState'
import { texts } from '../../texts'
import { explain } from '../StatePages'

const LONGEST = 200

type PauseProps = { reasons: Reason[]; value: string; onChange: (code: string) => void }

export function PauseReason({ reasons, value, onChange }: PauseProps) {
  return (
    <NativeSelect
      label={texts.presence.reasonFor}
      data={reasons.map(each => ({ value: each.code, label: each.name }))}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

type WhyProps = {
  words: { note: string; notePlaceholder: string }
  note: string
  onNote: (note: string) => void
  error: unknown
  send: string
  disabled: boolean
  busy: boolean
  /** Whether the reason is all that is left to write. */
  focus?: boolean
  onClose: () => void
}

export function WhyAndSend({ words, note, onNote, error, send, disabled, busy, focus, onClose }: WhyProps) {
  return (
    <>
      <TextInput
        label={words.note}
        placeholder={words.notePlaceholder}
        required
        maxLength={LONGEST}
        value={note}
        onChange={event => onNote(event.currentTarget.value)}
        data-autofocus={focus || undefined}
      />
      {Boolean(error) && (
        <Text size="sm" c="var(--error-fg)" role="alert">
          {explain(error)}
        </Text>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button type="submit" disabled={disabled} loading={busy}>
          {send}
        </Button>
      </Group>
    </>
  )
}
