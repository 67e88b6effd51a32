// What a stretch of somebody's day really was, said by a supervisor. What was recorded stays below it.

import { Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCorrect, useTeam } from '../../api/presence'
import { type Day, type Piece, STATES, type StateName } from '../../api/presenceState'
import { texts } from '../../texts'
import { PauseReason, WhyAndSend } from '../../ui/presence/WhyFields'
import { pieceWords, zonedInstant, zonedTime } from './pieces'

const t = texts.presence.correct

type Props = { day: Day; piece: Piece; onClose: () => void }

export function Correct({ day, piece, onClose }: Props) {
  const correct = useCorrect(day.staff.id)
  const reasons = useTeam().data?.reasons ?? []
  const [state, setState] = useState<StateName>('offline')
  const [reason, setReason] = useState('')
  const [from, setFrom] = useState(zonedTime(piece.start, day.zone))
  const [until, setUntil] = useState(zonedTime(piece.end, day.zone))
  const [note, setNote] = useState('')
  const start = zonedInstant(from, piece.start, day.zone)
  const end = zonedInstant(until, piece.end, day.zone)
  const backwards = start === null || end === null || start >= end
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (backwards) return
    const wish = { start: new Date(start).toISOString(), end: new Date(end).toISOString(), state, note: note.trim() }
    const chosen = reason || reasons[0]?.code
    correct.mutate(state === 'pause' && chosen ? { ...wish, reason: chosen } : wish, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} title={t.title} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t.help(pieceWords(piece, day.zone))}</Text>
          <Group grow>
            <TextInput
              type="time"
              step={1}
              label={t.from}
              required
              value={from}
              onChange={event => setFrom(event.currentTarget.value)}
            />
            <TextInput
              type="time"
              step={1}
              label={t.until}
              required
              value={until}
              error={backwards ? t.backwards : undefined}
              onChange={event => setUntil(event.currentTarget.value)}
            />
          </Group>
          <NativeSelect
            label={t.was}
            data={STATES.map(each => ({ value: each, label: texts.presence.states[each] }))}
            value={state}
            onChange={event => setState(event.currentTarget.value as StateName)}
          />
          {state === 'pause' && <PauseReason reasons={reasons} value={reason} onChange={setReason} />}
          <WhyAndSend
            words={t}
            note={note}
            onNote={setNote}
            error={correct.error}
            send={t.save}
            disabled={backwards || !note.trim()}
            busy={correct.isPending}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  )
}
