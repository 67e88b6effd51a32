// Passing a call on, or adding somebody to it: to whom, and whether one talks to them first.

import { Alert, Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconSearch, IconUsers } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useActiveCalls, useCallCommand } from '../../api/calls'
import { useDesk } from '../../api/desk'
import { useAway } from '../../api/presence'
import type { Call, TransferKind } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { whyNot } from '../../ui/calls/useTakeCall'
import { initials } from '../../ui/format'
import { LoadingPage } from '../../ui/LoadingPage'
import { Failure } from '../../ui/StatePages'
import classes from './Controls.module.css'
import { deskWord, reachable, type Target, transferTargets } from './targets'

type Props = { call: Call; mode: 'transfer' | 'conference' | null; onClose: () => void }

const t = texts.desk.transfer
const MANY = 7

export function TransferModal({ call, mode, onClose }: Props) {
  return (
    <Modal
      opened={mode !== null}
      onClose={onClose}
      title={mode === 'conference' ? t.conferenceTitle : t.title}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <TransferForm call={call} conference={mode === 'conference'} onClose={onClose} />
    </Modal>
  )
}

function TransferForm({ call, conference, onClose }: { call: Call; conference: boolean; onClose: () => void }) {
  const me = useMe()
  const desk = useDesk()
  const calls = useActiveCalls().data ?? []
  const command = useCallCommand(call)
  const [chosenKind, setKind] = useState<TransferKind>('blind')
  const [to, setTo] = useState('')
  const [words, setWords] = useState('')
  const kind = conference ? 'consult' : chosenKind
  const people = transferTargets(desk.data?.people ?? [], calls, me.id, words, useAway())
  const many = (desk.data?.people.length ?? 0) > MANY
  const target = people.find(person => person.id === to)
  const ready = to === 'queue' ? kind === 'blind' : target !== undefined && reachable(target, kind)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) command.run({ path: 'transfer', body: { to, kind } }, onClose)
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {!conference && (
          <SegmentedControl
            fullWidth
            aria-label={t.kind}
            value={kind}
            onChange={value => setKind(value as TransferKind)}
            data={[
              { value: 'blind', label: t.blind },
              { value: 'consult', label: t.consult },
            ]}
          />
        )}
        <Text size="sm" c="var(--muted)">
          {conference ? t.conferenceHelp : kind === 'blind' ? t.blindHelp : t.consultHelp}
        </Text>
        {many && (
          <TextInput
            aria-label={t.search}
            placeholder={t.search}
            leftSection={<IconSearch size={16} />}
            value={words}
            onChange={event => setWords(event.currentTarget.value)}
          />
        )}
        {desk.isPending ? (
          <LoadingPage />
        ) : desk.isError && !desk.data ? (
          <Failure error={desk.error} retry={() => void desk.refetch()} />
        ) : (
          <fieldset className={classes.people}>
            <legend className={classes.legend}>{t.to}</legend>
            {kind === 'blind' && (
              <label className={classes.person}>
                <input type="radio" name="to" checked={to === 'queue'} onChange={() => setTo('queue')} />
                <span className={classes.avatar}>
                  <IconUsers size={18} aria-hidden />
                </span>
                <span className={classes.about}>
                  {t.queue}
                  <small>{t.queueHelp}</small>
                </span>
              </label>
            )}
            {people.map(person => (
              <TargetRow
                key={person.id}
                person={person}
                checked={person.id === to}
                able={reachable(person, kind)}
                onPick={() => setTo(person.id)}
              />
            ))}
            {people.length === 0 && (
              <Text size="sm" c="var(--muted)" py="xs">
                {t.nobody}
              </Text>
            )}
          </fieldset>
        )}
        {command.error && (
          <Alert color="red" variant="light" role="alert">
            {whyNot(command.error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button type="submit" loading={command.busy} disabled={!ready}>
            {kind === 'consult' ? t.call : t.go}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type TargetProps = { person: Target; checked: boolean; able: boolean; onPick: () => void }

function TargetRow({ person, checked, able, onPick }: TargetProps) {
  return (
    <label className={classes.person}>
      <input type="radio" name="to" checked={checked} disabled={!able} onChange={onPick} />
      <span className={classes.avatar} aria-hidden>
        {initials(person.name)}
      </span>
      <span className={classes.about}>
        {person.name ?? texts.desk.someone}
        <small>
          {texts.roles[person.role]} · {deskWord(person)}
        </small>
      </span>
    </label>
  )
}
