// How everything runs, for who keeps it running: the mode and its switch, parts, jobs, machine, processes, backups.

import { Button, Skeleton } from '@mantine/core'
import { IconCircleCheck, IconHandStop } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useMode } from '../../api/house'
import { keys } from '../../api/keys'
import { type State, useHouseState } from '../../api/office'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { health as t } from '../../texts/health'
import { clock, clockWithSeconds, dayName } from '../../ui/format'
import { ModeModal } from '../../ui/mode/ModeModal'
import { modeHelp } from '../../ui/mode/words'
import { Failure, NoPermission } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './Health.module.css'
import { Machine } from './Machine'
import { ModeHistory } from './ModeHistory'
import { Parts } from './Parts'
import { WorkQueues } from './WorkQueues'

export function HealthPage() {
  const may = useMay('see_health')
  const query = useHouseState()
  const cache = useQueryClient()
  // The mode moves over the live feed, where one may hear it; the rest is asked for again then.
  const moved = useMode().dataUpdatedAt
  useEffect(() => {
    if (moved) void cache.invalidateQueries({ queryKey: keys.houseState })
  }, [cache, moved])
  if (!may) return <NoPermission />
  if (!query.data)
    return query.isError ? (
      <Failure error={query.error} retry={() => void query.refetch()} />
    ) : (
      <div className={classes.page} role="status" aria-label={texts.common.loading}>
        <div className={classes.inner}>
          <Skeleton height={90} radius="md" />
          <Skeleton height={220} radius="md" />
        </div>
      </div>
    )
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <header className={classes.head}>
          <div>
            <h1 className={classes.title}>{t.title}</h1>
            <p className={classes.soft}>{t.help}</p>
          </div>
          <span className={classes.soft} data-stale={query.isError}>
            {t.asOf(clockWithSeconds(query.data.as_of))}
          </span>
        </header>
        <ModeCard state={query.data} />
        <Parts parts={query.data.house.parts ?? []} />
        <WorkQueues work={query.data.work} />
        <Machine state={query.data} />
        <ModeHistory items={query.data.history} />
      </div>
    </div>
  )
}

function ModeCard({ state }: { state: State }) {
  const now = useMinute()
  const maySwitch = useMay('manual_mode')
  const [asking, setAsking] = useState(false)
  const mode = state.house
  const manual = mode.mode === 'manual'
  const m = texts.house.mode
  return (
    <section className={classes.mode} data-mode={mode.mode} aria-label={m[mode.mode]}>
      {mode.mode === 'normal' ? <IconCircleCheck size={28} aria-hidden /> : <IconHandStop size={28} aria-hidden />}
      <div>
        <strong>{m[mode.mode]}</strong>
        <span>{modeHelp(mode)}</span>
        {mode.since && (
          <span>
            {m.since(`${dayName(mode.since, now).toLowerCase()} ${clock(mode.since)}`)}
            {mode.by?.name ? ` ${m.by(mode.by.name)}` : ''}
            {mode.reason ? `: ${mode.reason}` : ''}
          </span>
        )}
      </div>
      {maySwitch && (
        <Button mih={44} variant={manual ? 'filled' : 'default'} onClick={() => setAsking(true)}>
          {manual ? m.toNormal : m.toManual}
        </Button>
      )}
      <ModeModal opened={asking} manual={!manual} onClose={() => setAsking(false)} />
    </section>
  )
}
