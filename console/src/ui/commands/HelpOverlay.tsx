// Every shortcut as it is for whoever is signed in, and a way to change them.

import { Button, Group, Kbd, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { texts } from '../../texts'
import { commands } from '../../texts/commands'
import { COMMANDS, type Group as CommandGroup, type CommandId } from './commands'
import classes from './HelpOverlay.module.css'
import { KeyEditor } from './KeyEditor'
import { namesOf, useKeymap } from './keymap'

const t = texts.keys
/** Keys that belong to what has the focus, and are no commands. */
const FIXED: Partial<Record<CommandGroup | 'recording', [string[], string][]>> = {
  conversation: [
    [[t.enter], t.send],
    [[t.shiftEnter], t.newLine],
  ],
  call: [[[], t.noHangUp]],
  recording: [
    [[t.space], t.play],
    [[t.arrows], t.seek],
  ],
}
const GROUPS = ['conversation', 'call', 'moving', 'deposits', 'recording'] as const

export function HelpOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [editing, setEditing] = useState(false)
  const close = () => {
    setEditing(false)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t.title}
      size="lg"
      closeOnEscape={!editing}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      {editing ? (
        <KeyEditor onDone={() => setEditing(false)} />
      ) : (
        <Stack gap="lg">
          <Group justify="flex-start">
            <Button variant="light" size="xs" onClick={() => setEditing(true)} data-autofocus>
              {commands.keys.change}
            </Button>
          </Group>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
            {GROUPS.map(group => (
              <ShortcutList key={group} group={group} />
            ))}
          </SimpleGrid>
        </Stack>
      )}
    </Modal>
  )
}

function ShortcutList({ group }: { group: (typeof GROUPS)[number] }) {
  const keymap = useKeymap()
  const own = COMMANDS.filter(command => command.group === group).map((command): [string[] | null, string] => {
    const chord = keymap[command.id]
    return [chord === null ? null : namesOf(chord), nameOf(command.id)]
  })
  return (
    <Stack gap={6}>
      <Text size="sm" fw={650}>
        {t.groups[group]}
      </Text>
      {[...own, ...(FIXED[group] ?? [])].map(([names, what]) => (
        <div key={what} className={classes.row}>
          <span>{what}</span>
          <span className={classes.keys}>
            {names?.map(name => (
              <Kbd key={name}>{name}</Kbd>
            ))}
            {names === null && <span className="muted">{commands.keys.off}</span>}
          </span>
        </div>
      ))}
    </Stack>
  )
}

export function nameOf(id: CommandId): string {
  return t[id]
}
