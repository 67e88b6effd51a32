// Disk, memory, database, the processes that run, and the last backup.

import { IconAlertTriangle, IconCircleCheck, IconCircleMinus } from '@tabler/icons-react'
import type { State } from '../../api/office'
import { health as t } from '../../texts/health'
import { setup } from '../../texts/setup'
import { fileSize } from '../../ui/attachments/kinds'
import { clock, dayName } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { Facts, Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Health.module.css'

const ICONS = { ok: IconCircleCheck, none: IconCircleMinus, failed: IconAlertTriangle, off: IconCircleMinus }
const SCARCE = 0.1

function size(bytes: number | null): string {
  return bytes === null ? t.unknown : fileSize(bytes)
}

export function Machine({ state }: { state: State }) {
  const now = useMinute()
  const { disk, memory, database, cores } = state.machine
  const when = (at: string) => `${dayName(at, now).toLowerCase()} ${clock(at)}`
  const Icon = ICONS[state.backup.state]
  const last = state.backup.items[0]
  return (
    <div className={classes.pair}>
      <Section title={t.machine}>
        <Meter label={t.disk} free={disk.free} total={disk.total} />
        <Meter label={t.memory} free={memory.free} total={memory.total} />
        <Facts
          items={[
            [t.own, size(memory.own)],
            [t.cores, cores ?? t.unknown],
            [t.database, `${t.engines[database.engine]}${database.size === null ? '' : ` · ${size(database.size)}`}`],
          ]}
        />
      </Section>
      <div className={classes.column}>
        <Section title={t.nodes}>
          <Facts
            items={[
              [t.version, state.version],
              ...state.nodes.map(
                node =>
                  [
                    t.node(node.name, node.host),
                    `${t.started(when(node.started_at))}${node.own ? ` (${t.thisOne})` : ''}`,
                  ] as [string, string],
              ),
            ]}
          />
        </Section>
        <Section
          title={t.backup}
          aside={
            <LinkButton to="/ajustes" search={{ ver: 'copias' }} size="compact-sm" variant="subtle">
              {t.toBackups}
            </LinkButton>
          }
        >
          <p className={classes.verdict} data-good={state.backup.state === 'ok'}>
            <Icon size={18} aria-hidden /> {setup.backups.states[state.backup.state]}
          </p>
          {last && (
            <span className={classes.soft}>
              {dayName(last.at, now)} {clock(last.at)} · {size(last.size)}
            </span>
          )}
        </Section>
      </div>
    </div>
  )
}

function Meter({ label, free, total }: { label: string; free: number | null; total: number | null }) {
  if (free === null || total === null || total === 0) return null
  const used = 1 - free / total
  return (
    <div className={classes.meter} data-scarce={used > 1 - SCARCE}>
      <span>
        {label} <span className={classes.soft}>{t.free(size(free), size(total))}</span>
      </span>
      <span className={classes.track} aria-hidden>
        <span style={{ width: `${Math.round(used * 100)}%` }} />
      </span>
    </div>
  )
}
