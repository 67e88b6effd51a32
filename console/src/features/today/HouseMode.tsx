// How the house works now, part by part, and the switch to manual and back.

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconHandStop } from '@tabler/icons-react'
import { useState } from 'react'
import { useMode } from '../../api/house'
import type { HousePart, PartState } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { capital, clock, dayName } from '../../ui/format'
import { ModeModal } from '../../ui/mode/ModeModal'
import { modeHelp } from '../../ui/mode/words'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './TodayPage.module.css'

const t = texts.house

const ICONS: Record<PartState, typeof IconCircleCheck> = {
  ok: IconCircleCheck,
  shaky: IconAlertTriangle,
  down: IconAlertTriangle,
  off: IconCircleMinus,
}

export function HouseMode() {
  const query = useMode()
  const now = useMinute()
  const maySwitch = useMay('manual_mode')
  const [asking, setAsking] = useState(false)
  const mode = query.data
  const manual = mode?.mode === 'manual'
  return (
    <Section title={t.health} query={query} tone={mode && mode.mode !== 'normal' ? 'alert' : 'plain'}>
      {mode && (
        <div className={classes.mode}>
          <strong>{t.mode[mode.mode]}</strong>
          <span className="muted">{modeHelp(mode)}</span>
          {mode.mode !== 'normal' && mode.since && (
            <span className="muted">
              {t.mode.since(`${dayName(mode.since, now).toLowerCase()} ${clock(mode.since)}`)}
              {mode.by?.name ? ` ${t.mode.by(mode.by.name)}` : ''}
              {mode.reason ? `: ${mode.reason}` : ''}
            </span>
          )}
          <ul className={classes.parts}>
            {(mode.parts ?? []).map(part => (
              <Part key={part.name} part={part} />
            ))}
          </ul>
          {maySwitch && (
            <Button
              variant={manual ? 'filled' : 'default'}
              leftSection={manual ? <IconCircleCheck size={17} /> : <IconHandStop size={17} />}
              onClick={() => setAsking(true)}
            >
              {manual ? t.mode.toNormal : t.mode.toManual}
            </Button>
          )}
        </div>
      )}
      <ModeModal opened={asking} manual={!manual} onClose={() => setAsking(false)} />
    </Section>
  )
}

function Part({ part }: { part: HousePart }) {
  const Icon = ICONS[part.state] ?? IconAlertTriangle
  const bad = part.state === 'down' || part.state === 'shaky'
  return (
    <li data-state={part.state}>
      <Icon size={18} stroke={1.8} aria-hidden />
      <span>{t.parts[part.name] ?? capital(part.name)}</span>
      <span className={classes.partState}>{(bad && part.text && capital(part.text)) || t.partStates[part.state]}</span>
    </li>
  )
}
