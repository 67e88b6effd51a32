import { Kbd, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { es } from '../texts/es'
import classes from './HelpOverlay.module.css'

const GROUPS: { title: string; keys: [string[], string][] }[] = [
  {
    title: es.keys.groups.conversation,
    keys: [
      [[es.keys.alt, 'T'], es.keys.takeOver],
      [[es.keys.alt, 'V'], es.keys.handBack],
      [[es.keys.alt, 'R'], es.keys.reply],
      [[es.keys.alt, 'P'], es.keys.note],
      [[es.keys.alt, 'E'], es.keys.resolve],
      [[es.keys.alt, 'I'], es.keys.copilot],
      [[es.keys.enter], es.keys.send],
      [[es.keys.shiftEnter], es.keys.newLine],
    ],
  },
  {
    title: es.keys.groups.call,
    keys: [
      [[es.keys.alt, 'A'], es.keys.answer],
      [[es.keys.alt, 'X'], es.keys.mute],
      [[es.keys.alt, 'H'], es.keys.onHold],
      [[es.keys.alt, 'G'], es.keys.pauseRecording],
      [[es.keys.alt, 'U'], es.keys.askHelp],
      [[], es.keys.noHangUp],
    ],
  },
  {
    title: es.keys.groups.recording,
    keys: [
      [[es.keys.space], es.keys.play],
      [[es.keys.arrows], es.keys.seek],
    ],
  },
  {
    title: es.keys.groups.deposits,
    keys: [
      [[es.keys.alt, 'C'], es.keys.confirmDeposit],
      [[es.keys.alt, 'N'], es.keys.rejectDeposit],
      [[es.keys.alt, 'J'], es.keys.nextDeposit],
      [[es.keys.alt, 'K'], es.keys.previousDeposit],
    ],
  },
  {
    title: es.keys.groups.moving,
    keys: [
      [[es.keys.alt, 'J'], es.keys.next],
      [[es.keys.alt, 'K'], es.keys.previous],
      [[es.keys.alt, 'S'], es.presence.shortcut],
      [['?'], es.keys.help],
    ],
  },
]

export function HelpOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={es.keys.title}
      size="lg"
      closeButtonProps={{ 'aria-label': es.common.close }}
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
