// A newer version is ready. It is taken when whoever works here says so: nobody loses what they were writing.

import { Button } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { takeUpdate, update } from '../../device/worker'
import { texts } from '../../texts'
import classes from './UpdateBand.module.css'

export function UpdateBand() {
  const state = useSyncExternalStore(update.subscribe, update.get)
  if (state === 'none') return null
  return (
    <div className={classes.band} role="status">
      <span>{texts.live.update}</span>
      <Button size="compact-xs" variant="default" loading={state === 'changing'} onClick={takeUpdate}>
        {texts.errors.reload}
      </Button>
    </div>
  )
}
