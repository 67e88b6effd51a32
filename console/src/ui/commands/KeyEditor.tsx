// Other keys for a command: press them. What cannot be a shortcut is refused in words.

import { ActionIcon, Alert, Button, Group, Kbd, Stack, Switch, Text, UnstyledButton } from '@mantine/core'
import { IconRestore, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { texts } from '../../texts'
import { commands } from '../../texts/commands'
import { pressed, type Refusal, refusal } from './chords'
import { COMMANDS, type Command, type CommandId } from './commands'
import classes from './HelpOverlay.module.css'
import { currentKeymap, isChanged, namesOf, resetAll, setChord, useKeymap } from './keymap'

const t = commands.keys
const name = (id: CommandId) => texts.keys[id]

function sentence(refused: Refusal): string {
  return refused.why === 'taken' ? t.taken(name(refused.by)) : t.refused[refused.why]
}

export function KeyEditor({ onDone }: { onDone: () => void }) {
  const keymap = useKeymap()
  const [waiting, setWaiting] = useState<CommandId | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const adopt = (id: CommandId, chord: string) => {
    const why = refusal(id, chord, currentKeymap())
    if (why) {
      setRefused(sentence(why))
      return
    }
    setChord(id, chord)
    setRefused(null)
    setWaiting(null)
    setSaid(t.changed(name(id), namesOf(chord).join(' + ')))
  }
  const onKey = (id: CommandId) => (event: KeyboardEvent) => {
    if (waiting !== id || event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') {
      setWaiting(null)
      setRefused(null)
      return
    }
    const found = pressed(event.nativeEvent)
    if (found && 'refused' in found) setRefused(sentence(found.refused))
    else if (found) adopt(id, found.chord)
  }
  return (
    <Stack gap="md">
      <Text size="sm" c="var(--muted)">
        {t.help}
      </Text>
      <div role="alert">
        {refused && (
          <Alert color="red" variant="light">
            {refused}
          </Alert>
        )}
      </div>
      <span className="visually-hidden" role="status">
        {said}
      </span>
      <Stack gap={2}>
        {COMMANDS.filter(command => command.id !== 'help').map(command => (
          <Row
            key={command.id}
            command={command}
            chord={keymap[command.id]}
            waiting={waiting === command.id}
            onWait={() => {
              setRefused(null)
              setWaiting(command.id)
            }}
            onKey={onKey(command.id)}
            onLeave={() => setWaiting(current => (current === command.id ? null : current))}
            onReset={() => adopt(command.id, command.chord)}
          />
        ))}
      </Stack>
      <Switch
        label={t.questionMark}
        description={t.questionMarkHelp}
        checked={keymap.help !== null}
        onChange={event => setChord('help', event.currentTarget.checked ? undefined : null)}
      />
      <Group justify="space-between">
        <Button variant="subtle" color="gray" onClick={resetAll}>
          {t.resetAll}
        </Button>
        <Button onClick={onDone}>{t.done}</Button>
      </Group>
    </Stack>
  )
}

type RowProps = {
  command: Command
  chord: string | null
  waiting: boolean
  onWait: () => void
  onKey: (event: KeyboardEvent) => void
  onLeave: () => void
  onReset: () => void
}

function Row({ command, chord, waiting, onWait, onKey, onLeave, onReset }: RowProps) {
  const what = name(command.id)
  return (
    <div className={classes.edit}>
      <span>{what}</span>
      <UnstyledButton
        className={classes.chord ?? ''}
        data-waiting={waiting || undefined}
        title={waiting ? t.pressHelp : t.changeOf(what)}
        onClick={onWait}
        onKeyDown={onKey}
        onBlur={onLeave}
      >
        <span className="visually-hidden">{t.changeOf(what)}: </span>
        {waiting ? (
          t.press
        ) : chord ? (
          namesOf(chord).map(each => <Kbd key={each}>{each}</Kbd>)
        ) : (
          <span className="muted">{t.off}</span>
        )}
      </UnstyledButton>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={t.remove(what)}
        title={t.remove(what)}
        disabled={chord === null}
        onClick={() => setChord(command.id, null)}
      >
        <IconX size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={t.reset(what)}
        title={t.reset(what)}
        disabled={!isChanged(command.id)}
        onClick={onReset}
      >
        <IconRestore size={16} />
      </ActionIcon>
    </div>
  )
}
