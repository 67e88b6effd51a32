// Says that what is on the screen may be old, how old, and when the next try is.

import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { serverNow } from '../api/clock'
import { useLive, useLiveState } from '../api/live-context'
import { texts } from '../texts'
import { clockWithSeconds } from './format'
import classes from './LiveBand.module.css'
import { useSecond } from './useNow'

const PATIENCE = 1_500

export function LiveBand() {
  const { status } = useLiveState()
  const troubled = status === 'waiting' || status === 'refused' || status === 'connecting'
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!troubled) {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [troubled])
  return shown ? <Band /> : null
}

function Band() {
  const { feed } = useLive()
  const { status, lastDataAt, retryAt } = useLiveState()
  const now = useSecond()
  const seconds = retryAt === null ? 0 : Math.max(1, Math.ceil((serverNow(retryAt) - now) / 1000))
  return (
    <div className={classes.band} role="status">
      <IconCloudOff size={18} aria-hidden />
      <span>
        {status === 'refused' ? texts.live.refused : texts.live.offline}{' '}
        {lastDataAt === null ? texts.live.noData : texts.live.lastData(clockWithSeconds(lastDataAt))}{' '}
        <span aria-hidden>
          {status === 'connecting' ? texts.live.reconnecting : status === 'waiting' ? texts.live.retryIn(seconds) : ''}
        </span>
      </span>
      {status === 'waiting' && (
        <Button size="compact-xs" variant="white" color="dark" onClick={() => feed.wake()}>
          {texts.live.retryNow}
        </Button>
      )}
    </div>
  )
}
