// Opened without a connection: says what that means, and goes on by itself when there is one.

import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { useEffect } from 'react'
import { texts } from '../../texts'
import { Placeholder } from '../StatePages'

const t = texts.errors

export function OfflinePage() {
  useEffect(() => {
    const again = () => location.reload()
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [])
  return (
    <Placeholder
      role="alert"
      icon={<IconCloudOff />}
      title={t.offlineTitle}
      action={
        <Button variant="default" onClick={() => location.reload()}>
          {texts.common.retry}
        </Button>
      }
    >
      {t.offline}
    </Placeholder>
  )
}
