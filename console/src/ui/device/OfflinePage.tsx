// Opened without a connection: says what that means, and goes on by itself when there is one.

import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { useEffect } from 'react'
import { texts } from '../../texts'
import { Placeholder } from '../StatePages'

const t = texts.errors
const EVERY = 8_000

export function OfflinePage() {
  useEffect(() => {
    const again = () => location.reload()
    // A server that was restarted comes back without the browser noticing.
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible') return
      fetch('/health', { cache: 'no-store' })
        .then(answer => answer.status < 500 && again())
        .catch(() => null)
    }, EVERY)
    window.addEventListener('online', again)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', again)
    }
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
