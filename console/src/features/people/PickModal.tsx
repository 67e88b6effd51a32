// Finding the other page of a customer by hand. It chooses; whoever opens it asks before anything is merged.

import { Modal, Stack, Text } from '@mantine/core'
import type { Customer } from '../../api/schema.people'
import { texts } from '../../texts'
import { FindCustomer } from './FindCustomer'

const t = texts.people

type Props = { opened: boolean; person: Customer; onClose: () => void; onPick: (other: Customer) => void }

export function PickModal({ opened, person, onClose, onPick }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={t.byHand} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <Stack gap="sm">
        <Text size="sm">{t.byHandHelp}</Text>
        <FindCustomer except={person.id} onPick={onPick} />
      </Stack>
    </Modal>
  )
}
