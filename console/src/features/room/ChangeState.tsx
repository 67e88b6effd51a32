// Somebody else's state, by a supervisor. Why is written down with it; a call is never cut short by it.

import { Modal, NativeSelect, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChangeState } from '../../api/presence'
import { DECLARED, type Declared, type Reason, type TeamMember } from '../../api/presenceState'
import { texts } from '../../texts'
import { PauseReason, WhyAndSend } from '../../ui/presence/WhyFields'

const t = texts.presence.team

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
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          {member.state === 'on_call' && <Text size="sm">{t.queued}</Text>}
          <NativeSelect
            label={t.state}
            data={DECLARED.map(each => ({ value: each, label: texts.presence.states[each] }))}
            value={state}
            onChange={event => setState(event.currentTarget.value as Declared)}
          />
          {state === 'pause' && <PauseReason reasons={reasons} value={reason} onChange={setReason} />}
          <WhyAndSend
            words={t}
            note={note}
            onNote={setNote}
            error={change.error}
            send={t.change}
            disabled={!note.trim()}
            busy={change.isPending}
            focus
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  )
}
