// A push to this very browser, on the whole way that real ones take; it says itself when it has arrived.

import { Button, Group, Text } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { testDevice } from '../../api/push'
import { device } from '../../texts/device'
import { explain } from '../../ui/StatePages'

const t = device.test
const PATIENCE = 20_000

type Stage = 'rest' | 'sending' | 'waiting' | 'arrived' | 'late' | { error: string }

export function DeviceTest({ id }: { id: string }) {
  const [stage, setStage] = useState<Stage>('rest')
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      const data = event.data as { type?: string; kind?: string } | null
      if (data?.type === 'pushed' && data.kind === 'test') setStage('arrived')
    }
    navigator.serviceWorker.addEventListener('message', hear)
    return () => navigator.serviceWorker.removeEventListener('message', hear)
  }, [])
  useEffect(() => {
    if (stage !== 'waiting') return
    const timer = setTimeout(() => setStage('late'), PATIENCE)
    return () => clearTimeout(timer)
  }, [stage])
  const send = () => {
    setStage('sending')
    testDevice(id)
      .then(() => setStage(now => (now === 'sending' ? 'waiting' : now)))
      .catch((error: unknown) => setStage({ error: explain(error) }))
  }
  const words = typeof stage === 'object' ? stage.error : stage === 'rest' ? '' : t[stage]
  return (
    <Group gap="sm">
      <Button
        variant="default"
        leftSection={<IconBell size={18} aria-hidden />}
        loading={stage === 'sending'}
        onClick={send}
      >
        {t.button}
      </Button>
      <Text size="sm" role="status">
        {words}
      </Text>
    </Group>
  )
}
