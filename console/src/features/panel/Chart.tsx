// A figure day by day, drawn or as a table.

import { Button, Group, Table, Title } from '@mantine/core'
import { useState } from 'react'
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Figure } from '../../api/reports'
import { texts } from '../../texts'
import { calendarDay } from '../../ui/format'
import { brief, shown } from './figures'
import classes from './PanelPage.module.css'

const t = texts.figures
const TICK = { fill: 'var(--muted)', fontSize: 12 }

export default function Chart({ figure, days }: { figure: Figure; days: string[] }) {
  const [table, setTable] = useState(false)
  const rows = days.map((day, number) => ({ day, value: figure.series[number] ?? null }))
  const read = (value: number | null) => shown(value, figure.unit, figure.currency)
  return (
    <section className={classes.card} aria-labelledby="panel-chart">
      <Group justify="space-between">
        <Title order={2} size="h5" id="panel-chart">
          {t.byDay(figure.name)}
        </Title>
        <Button size="compact-sm" variant="default" onClick={() => setTable(!table)}>
          {table ? t.chart : t.table}
        </Button>
      </Group>
      {table ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached with the keyboard.
        <section className={classes.scroll} tabIndex={0} aria-label={t.byDay(figure.name)}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.day}</Table.Th>
                <Table.Th>{t.value}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(row => (
                <Table.Tr key={row.day}>
                  <Table.Td>{calendarDay(row.day)}</Table.Td>
                  <Table.Td>{read(row.value)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ) : (
        <ResponsiveContainer width="100%" height={240}>
          <AreaChart data={rows} margin={{ top: 16, right: 12, bottom: 0, left: 0 }} accessibilityLayer>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis dataKey="day" tickFormatter={calendarDay} minTickGap={48} tick={TICK} />
            <YAxis width={64} tickFormatter={value => brief(value, figure.unit)} tick={TICK} />
            <Tooltip
              labelFormatter={label => calendarDay(String(label))}
              formatter={value => [read(typeof value === 'number' ? value : null), figure.name]}
              contentStyle={{ background: 'var(--surface)', border: '1px solid var(--line)', borderRadius: 8 }}
            />
            <Area
              dataKey="value"
              type="monotone"
              stroke="var(--agent-fg)"
              fill="var(--agent-bg)"
              isAnimationActive={false}
              connectNulls={false}
            />
          </AreaChart>
        </ResponsiveContainer>
      )}
    </section>
  )
}
