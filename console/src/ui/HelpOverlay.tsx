import { Kbd, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { texts } from '../texts'
import classes from './HelpOverlay.module.css'

const GROUPS: { title: string; keys: [string[], string][] }[] = [
  {
    title: texts.keys.groups.conversation,
    keys: [
      [[texts.keys.alt, 'T'], texts.keys.takeOver],
      [[texts.keys.alt, 'V'], texts.keys.handBack],
      [[texts.keys.alt, 'R'], texts.keys.reply],
      [[texts.keys.alt, 'P'], texts.keys.note],
      [[texts.keys.alt, 'E'], texts.keys.resolve],
      [[texts.keys.alt, 'I'], texts.keys.copilot],
      [[texts.keys.enter], texts.keys.send],
      [[texts.keys.shiftEnter], texts.keys.newLine],
    ],
  },
  {
    title: texts.keys.groups.call,
    keys: [
      [[texts.keys.alt, 'A'], texts.keys.answer],
      [[texts.keys.alt, 'X'], texts.keys.mute],
      [[texts.keys.alt, 'H'], texts.keys.onHold],
      [[texts.keys.alt, 'G'], texts.keys.pauseRecording],
      [[texts.keys.alt, 'U'], texts.keys.askHelp],
      [[], texts.keys.noHangUp],
    ],
  },
  {
    title: texts.keys.groups.recording,
    keys: [
      [[texts.keys.space], texts.keys.play],
      [[texts.keys.arrows], texts.keys.seek],
    ],
  },
  {
    title: texts.keys.groups.deposits,
    keys: [
      [[texts.keys.alt, 'C'], texts.keys.confirmDeposit],
      [[texts.keys.alt, 'N'], texts.keys.rejectDeposit],
      [[texts.keys.alt, 'J'], texts.keys.nextDeposit],
      [[texts.keys.alt, 'K'], texts.keys.previousDeposit],
    ],
  },
  {
    title: texts.keys.groups.moving,
    keys: [
      [[texts.keys.alt, 'J'], texts.keys.next],
      [[texts.keys.alt, 'K'], texts.keys.previous],
      [[texts.keys.alt, 'S'], texts.presence.shortcut],
      [['?'], texts.keys.help],
    ],
  },
]

export function HelpOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.keys.title}
      size="lg"
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        {GROUPS.map(group => (
          <ShortcutList key={group.title} title={group.title} keys={group.keys} />
        ))}
      </SimpleGrid>
    </Modal>
  )
}

function ShortcutList({ title, keys }: { title: string; keys: [string[], string][] }) {
  return (
    <Stack gap={6}>
      <Text size="sm" fw={650}>
        {title}
      </Text>
      {keys.map(([names, what]) => (
        <div key={what} className={classes.row}>
          <span>{what}</span>
          <span className={classes.keys}>
            {names.map(name => (
              <Kbd key={name}>{name}</Kbd>
            ))}
          </span>
        </div>
      ))}
    </Stack>
  )
}
