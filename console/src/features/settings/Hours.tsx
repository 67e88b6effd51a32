// Working hours that queues share, with their holidays, and whether they are open now.

import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useChangeSetup } from '../../api/queues'
import type { DeskSetup, Hours } from '../../api/schema.queues'
import { texts } from '../../texts'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { clock, dayAhead } from '../../ui/format'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { HoursModal } from './HoursModal'
import { hourText } from './levels'
import { Chips, LineActions } from './parts'
import classes from './Settings.module.css'

const t = texts.queues.hours
const s = texts.queues.settings

export function HoursTab({ setup, mayChange }: { setup: DeskSetup; mayChange: boolean }) {
  const now = useMinute()
  const change = useChangeSetup()
  const [open, setOpen] = useState<{ hours: Hours | null } | null>(null)
  const [drop, setDrop] = useState<Hours | null>(null)
  const keep = () => {
    setDrop(null)
    change.reset()
  }
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <div>
          <h2>{s.tabs.horarios}</h2>
          <p>{t.zone(setup.zone)}</p>
        </div>
        {mayChange && (
          <Button leftSection={<IconPlus size={17} />} onClick={() => setOpen({ hours: null })}>
            {t.add}
          </Button>
        )}
      </div>
      {setup.hours.length === 0 ? (
        <p className={classes.empty}>
          <strong>{t.none}</strong> {t.noneHint}
        </p>
      ) : (
        <ul className={classes.list}>
          {setup.hours.map(hours => (
            <li key={hours.id} className={classes.row}>
              <div className={classes.what}>
                <strong>{hours.name}</strong>
                <p>{week(hours)}</p>
                <div className={classes.chips}>
                  <Chips items={[stateOf(hours, now)]} tone={hours.open ? 'ok' : 'off'} />
                  {hours.country && <Chips items={[t.holidays(hours.country)]} />}
                  <Chips items={hours.closures} />
                </div>
              </div>
              {mayChange && (
                <LineActions name={hours.name} onEdit={() => setOpen({ hours })} onDrop={() => setDrop(hours)} />
              )}
            </li>
          ))}
        </ul>
      )}
      {open && <HoursModal hours={open.hours} onClose={() => setOpen(null)} />}
      <ConfirmModal
        opened={drop !== null}
        title={t.removeTitle}
        help={t.removeHelp}
        confirm={s.remove}
        busy={change.isPending}
        error={change.error ? explain(change.error) : null}
        onClose={keep}
        onConfirm={() => {
          if (drop) change.mutate({ method: 'DELETE', path: ['hours', drop.id] }, { onSuccess: keep })
        }}
      />
    </div>
  )
}

function stateOf(hours: Hours, now: number): string {
  if (hours.open) return t.openNow
  return hours.opens_at ? t.closedNow(`${dayAhead(hours.opens_at, now)} ${clock(hours.opens_at)}`) : t.never
}

/** Days with the same hours together: Lu Ma Mi 09:00–18:00. */
function week(hours: Hours): string {
  const days = new Map<string, string[]>()
  for (const [index, name] of t.short.entries()) {
    const spans = hours.windows
      .filter(span => span.weekday === index)
      .map(span => `${hourText(span.opens)}–${hourText(span.closes)}`)
      .join(', ')
    if (spans) days.set(spans, [...(days.get(spans) ?? []), name])
  }
  return [...days].map(([spans, names]) => `${names.join(' ')} ${spans}`).join(' · ')
}
