// Every part with its state in words, since when, and what to do where it fails. What fails comes first.

import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconCircleX } from '@tabler/icons-react'
import type { HousePart, PartState } from '../../api/schema'
import { texts } from '../../texts'
import { health as t } from '../../texts/health'
import { capital, clock, dayName } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Health.module.css'

const ICONS: Record<PartState, typeof IconCircleCheck> = {
  ok: IconCircleCheck,
  shaky: IconAlertTriangle,
  down: IconCircleX,
  off: IconCircleMinus,
}
const ORDER: PartState[] = ['down', 'shaky', 'ok', 'off']

export function Parts({ parts }: { parts: HousePart[] }) {
  const now = useMinute()
  const sorted = [...parts].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state))
  return (
    <Section title={t.parts}>
      {sorted.length === 0 && <p className={classes.soft}>{t.never}</p>}
      <ul className={classes.parts}>
        {sorted.map(part => {
          const Icon = ICONS[part.state] ?? IconAlertTriangle
          const bad = part.state === 'down' || part.state === 'shaky'
          return (
            <li key={part.name} data-state={part.state}>
              <Icon size={20} aria-hidden />
              <div>
                <strong>{texts.house.parts[part.name] ?? capital(part.name)}</strong>
                <span>
                  {texts.house.partStates[part.state]}
                  {bad && part.text ? `: ${part.text}` : ''}{' '}
                  {t.since(`${dayName(part.since, now).toLowerCase()} ${clock(part.since)}`)}
                </span>
                {bad && t.todo[part.name] && <p>{t.todo[part.name]}</p>}
                {bad && part.name === 'channels' && (
                  <LinkButton to="/ajustes" search={{ ver: 'canales' }} size="compact-sm" variant="default">
                    {t.toChannels}
                  </LinkButton>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
