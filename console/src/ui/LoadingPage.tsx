import { Center, Loader } from '@mantine/core'
import { es } from '../texts/es'

export function LoadingPage() {
  return (
    <Center h="100%" mih={160} role="status" aria-label={es.common.loading}>
      <Loader size="sm" />
    </Center>
  )
}
