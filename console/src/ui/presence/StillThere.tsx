// Asked of somebody who has done nothing for hours. No answer changes nothing here; the server decides what it means.

import { Button, Group, Modal, Text } from '@mantine/core'
import { useDeclare, useHere } from '../../api/presence'
import { texts } from '../../texts'
import { explain } from '../StatePages'

const t = texts.presence.still

export function StillThere() {
  const here = useHere()
  const declare = useDeclare()
  const stay = () => here.mutate(null)
  const error = here.error ?? declare.error
  return (
    <Modal opened onClose={stay} title={t.title} closeButtonProps={{ 'aria-label': t.yes }}>
      <Text size="sm" mb="md">
        {t.ask}
      </Text>
      {error && (
        <Text size="sm" c="var(--error-fg)" role="alert" mb="md">
          {explain(error)}
        </Text>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" loading={declare.isPending} onClick={() => declare.mutate({ state: 'offline' })}>
          {t.leave}
        </Button>
        <Button data-autofocus loading={here.isPending} onClick={stay}>
          {t.yes}
        </Button>
      </Group>
    </Modal>
  )
}
