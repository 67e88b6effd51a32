// What the known cost is made of, part by part; what has no price says so, and where to set it.

import { Button, Group, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { CostPart, Report } from '../../api/reports'
import { useMay } from '../../api/session'
import { board } from '../../texts/board'
import { numberLocale } from '../../texts/language'
import { shown } from './figures'
import classes from './PanelPage.module.css'
import { Prices } from './Prices'

const t = board.costs
const counted = new Intl.NumberFormat(numberLocale, { maximumFractionDigits: 1 })

export function Costs({ report, onOpen }: { report: Report; onOpen: (key: string) => void }) {
  const [pricing, setPricing] = useState(false)
  const mayChange = useMay('manage_desk')
  return (
    <section className={classes.card} aria-labelledby="panel-costs">
      <Group justify="space-between">
        <Title order={2} size="h5" id="panel-costs">
          {t.title}
        </Title>
        <Button size="compact-sm" variant="default" onClick={() => setPricing(true)}>
          {mayChange ? t.set : t.see}
        </Button>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached with the keyboard. */}
      <section className={classes.scroll} tabIndex={0} aria-label={t.title}>
        <Table verticalSpacing="xs" miw={460}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.use}</Table.Th>
              <Table.Th>{t.amount}</Table.Th>
              <Table.Th>{t.cost}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {report.costs.map(part => (
              <Table.Tr key={part.key}>
                <Table.Td>
                  <Button variant="transparent" size="compact-sm" px={0} onClick={() => onOpen(part.list)}>
                    {part.name}
                  </Button>
                </Table.Td>
                <Table.Td className="tabular">{t.per(counted.format(part.amount), part.unit)}</Table.Td>
                <Table.Td className="tabular">{costOf(part, report.currency)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Text size="xs" c="var(--muted)" mt="xs">
        {t.model}
      </Text>
      {pricing && <Prices onClose={() => setPricing(false)} />}
    </section>
  )
}

function costOf(part: CostPart, currency: string): string {
  if (part.amount === 0) return t.free
  if (part.cost === null) return t.none
  const cost = shown(part.cost, 'money', currency)
  return part.missing ? `${cost} · ${t.some}` : cost
}
