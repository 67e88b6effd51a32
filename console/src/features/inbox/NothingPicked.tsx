import { Kbd } from '@mantine/core'
import { IconMessages } from '@tabler/icons-react'
import { texts } from '../../texts'
import { Placeholder } from '../../ui/StatePages'

export function NothingPicked() {
  return (
    <Placeholder icon={<IconMessages />} title={texts.inbox.pick}>
      <Kbd>Alt</Kbd> <Kbd>J</Kbd> {texts.inbox.pickNext} <Kbd>?</Kbd> {texts.inbox.pickHelp}
    </Placeholder>
  )
}
