import { Kbd } from '@mantine/core'
import { IconMessages } from '@tabler/icons-react'
import { es } from '../../texts/es'
import { Placeholder } from '../../ui/StatePages'

export function NothingPicked() {
  return (
    <Placeholder icon={<IconMessages />} title={es.inbox.pick}>
      <Kbd>Alt</Kbd> <Kbd>J</Kbd> {es.inbox.pickNext} <Kbd>?</Kbd> {es.inbox.pickHelp}
    </Placeholder>
  )
}
