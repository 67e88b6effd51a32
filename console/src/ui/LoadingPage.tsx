import { Center, Loader } from '@mantine/core'
import { texts } from '../texts'

export function LoadingPage() {
  return (
    <Center h="100%" mih={160} role="status" aria-label={texts.common.loading}>
      <Loader size="sm" />
    </Center>
  )
}
