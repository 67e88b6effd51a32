// On every page while the house does not work as usual: what that means, why, and where to see to it.

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconHandStop } from '@tabler/icons-react'
import { useState } from 'react'
import { useMode } from '../../api/house'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { clock } from '../format'
import { whenOpened } from '../later'
import { LinkButton } from '../links'
import classes from './ModeBand.module.css'
import { modeHelp } from './words'

const t = texts.house.mode
const ModeModal = whenOpened(() => import('./ModeModal').then(module => module.ModeModal))

export function ModeBand() {
  const mode = useMode().data
  const maySwitch = useMay('manual_mode')
  const [asking, setAsking] = useState(false)
  if (!mode || mode.mode === 'normal') return null
  const manual = mode.mode === 'manual'
  const Icon = manual ? IconHandStop : IconAlertTriangle
  const why = manual ? mode.reason : null
  return (
    <div className={classes.band} data-mode={mode.mode} role="status">
      <Icon size={18} aria-hidden />
      <span className={classes.words}>
        <strong>{t[mode.mode]}</strong> {mode.since && t.since(clock(mode.since)).toLowerCase()}
        {mode.by?.name ? ` ${t.by(mode.by.name)}` : ''}
        {why ? `: ${why}` : ''}. <span className={classes.help}>{modeHelp(mode)}</span>
      </span>
      <LinkButton to="/hoy" size="compact-sm" variant="white" color="dark">
        {t.see}
      </LinkButton>
      {manual && maySwitch && (
        <Button size="compact-sm" variant="white" color="dark" onClick={() => setAsking(true)}>
          {t.toNormal}
        </Button>
      )}
      <ModeModal opened={asking} manual={false} onClose={() => setAsking(false)} />
    </div>
  )
}
