// What is done behind the scenes, kind by kind, and what was given up.

import { Table } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { State } from '../../api/office'
import { health as t } from '../../texts/health'
import { clock, dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Health.module.css'

const COLUMNS = ['due', 'running', 'later', 'retried', 'parked'] as const

export function WorkQueues({ work }: { work: State['work'] }) {
  const now = useMinute()
  const when = (at: string) => `${dayName(at, now).toLowerCase()} ${clock(at)}`
  const fine = work.late_since === null && work.parked.length === 0
  return (
    <Section title={t.work}>
      <p className={classes.soft}>{t.workHelp}</p>
      <p className={classes.verdict} data-good={fine}>
        {fine ? <IconCircleCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
        {fine ? t.workFine : work.late_since ? t.late(when(work.late_since)) : t.parked(work.parked.length)}
      </p>
      {work.queues.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached with the keyboard.
        <section className={classes.scroll} tabIndex={0} aria-label={t.work}>
          <Table verticalSpacing={6} miw={520}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t.columns.kind}</Table.Th>
                {COLUMNS.map(column => (
                  <Table.Th key={column} scope="col" ta="right">
                    {t.columns[column]}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {work.queues.map(queue => (
                <Table.Tr key={queue.kind}>
                  <Table.Th scope="row" fw={500}>
                    {t.kinds[queue.kind] ?? queue.kind}
                  </Table.Th>
                  {COLUMNS.map(column => (
                    <Table.Td
                      key={column}
                      ta="right"
                      className={classes.number ?? ''}
                      data-bad={queue[column] > 0 && (column === 'parked' || column === 'retried')}
                    >
                      {queue[column]}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {work.parked.length > 0 && (
        <div className={classes.parked}>
          <strong>{t.parked(work.parked.length)}</strong>
          <span>{t.parkedHelp}</span>
          <ul>
            {work.parked.map(job => (
              <li key={`${job.kind} ${job.at}`}>
                {t.kinds[job.kind] ?? job.kind} · {t.tried(job.attempts)}
                {job.at ? ` · ${when(job.at)}` : ''} {job.error && <code>{job.error}</code>}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  )
}
