// The same figures by channel and by member of the team.

import { Skeleton, Table, Text, Title } from '@mantine/core'
import { type Described, type Period, type Report, type Split, useStaffReport } from '../../api/reports'
import { texts } from '../../texts'
import { shown } from './figures'
import classes from './PanelPage.module.css'

const t = texts.figures
const OF_CHANNELS = ['conversations', 'solved_by_bot', 'sales', 'conversion', 'revenue', 'csat']
const OF_PEOPLE = ['taken', 'messages_agent', 'answered', 'talk_time', 'sales', 'csat']

export function ByChannel({ report }: { report: Report }) {
  if (report.channels.length < 2) return null
  const rows = report.channels.map(each => ({ ...each, name: texts.channels[each.key] ?? each.key }))
  return <Rows title={t.byChannel} first={t.channel} rows={rows} columns={picked(report.figures, OF_CHANNELS)} />
}

export function ByPerson({ period, report }: { period: Period; report: Report }) {
  const query = useStaffReport(period)
  if (!query.data) return query.isError ? null : <Skeleton height={120} radius="lg" />
  if (query.data.length === 0)
    return (
      <Text size="sm" c="var(--muted)">
        {t.nobody}
      </Text>
    )
  return <Rows title={t.byPerson} first={t.person} rows={query.data} columns={picked(report.figures, OF_PEOPLE)} />
}

function picked(figures: Described[], wanted: string[]): Described[] {
  return wanted.flatMap(key => figures.filter(figure => figure.key === key))
}

function Rows({ title, first, rows, columns }: { title: string; first: string; rows: Split[]; columns: Described[] }) {
  return (
    <section className={classes.card} aria-label={title}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached with the keyboard. */}
      <section className={classes.scroll} tabIndex={0} aria-label={title}>
        <Table miw={620} verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{first}</Table.Th>
              {columns.map(column => (
                <Table.Th key={column.key}>{column.name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(row => (
              <Table.Tr key={row.key}>
                <Table.Td>{row.name}</Table.Td>
                {columns.map(column => (
                  <Table.Td key={column.key}>
                    {shown(row.values[column.key] ?? null, column.unit, column.currency)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </section>
  )
}
