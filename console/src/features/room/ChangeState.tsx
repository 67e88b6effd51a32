// Somebody else's state, by a supervisor. Why is written down with it; a call is never cut short by it.

import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChangeState } from '../../api/presence'
import { DECLARED, type Declared, type Reason, type TeamMember } from '../../api/presenceState'
import { es } from '../../texts/es'
import { explain } from '../../ui/StatePages'

const t = es.presence.team
const LONGEST = 200

type Props = { member: TeamMember; reasons: Reason[]; onClose: () => void }

export function ChangeState({ member, reasons, onClose }: Props) {
  const change = useChangeState(member.id)
  const [state, setState] = useState<Declared>('offline')
  const [reason, setReason] = useState(reasons[0]?.code ?? '')
  const [note, setNote] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wish = { state, note: note.trim(), ...(state === 'pause' ? { reason } : {}) }
    change.mutate(wish, { onSuccess: onClose })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.changeOf(member.name)}
      closeButtonProps={{ 'aria-label': es.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          {member.state === 'on_call' && <Text size="sm">{t.queued}</Text>}
          <NativeSelect
            label={t.state}
            data={DECLARED.map(each => ({ value: each, label: es.presence.states[each] }))}
            value={state}
            onChange={event => setState(event.currentTarget.value as Declared)}
          />
          {state === 'pause' && (
            <NativeSelect
              label={es.presence.reasonFor}
              data={reasons.map(each => ({ value: each.code, label: each.name }))}
              value={reason}
              onChange={event => setReason(event.currentTarget.value)}
            />
          )}
          <TextInput
            label={t.note}
            placeholder={t.notePlaceholder}
            required
            maxLength={LONGEST}
            value={note}
            onChange={event => setNote(event.currentTarget.value)}
            data-autofocus
          />
          {change.error && (
            <Text size="sm" c="var(--error-fg)" role="alert">
              {explain(change.error)}
            </Text>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {es.common.cancel}
            </Button>
            <Button type="submit" disabled={!note.trim()} loading={change.isPending}>
              {t.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
