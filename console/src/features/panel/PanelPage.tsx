// How the house does: figures of a period beside another one. Every figure opens what it is made of.

import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconChartHistogram, IconDownload, IconPrinter } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { type Described, type Report, useReport } from '../../api/reports'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { board } from '../../texts/board'
import { calendarDay, clockWithSeconds } from '../../ui/format'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { ByChannel, ByPerson } from './Breakdowns'
import { Costs } from './Costs'
import { ExportModal } from './ExportModal'
import { Card } from './FigureCard'
import { FigureGroup } from './FigureGroup'
import { Filters, usePeriod } from './Filters'
import { type Against, GROUPS, shown } from './figures'
import { MadeOf } from './MadeOf'
import classes from './PanelPage.module.css'

const t = texts.figures
const Chart = lazy(() => import('./Chart'))
type Group_ = keyof typeof GROUPS

export function PanelPage() {
  return useMay('see_reports') ? <Panel /> : <NoPermission />
}

function Panel() {
  const picked = usePeriod('week')
  const [against, setAgainst] = useState<Against>('before')
  const [chosen, setChosen] = useState('revenue')
  const [opened, setOpened] = useState<Pick<Described, 'key'> | null>(null)
  const [exporting, setExporting] = useState(false)
  const { period } = picked
  const query = useReport(period)
  const report = query.data
  const drawn = report?.figures.find(figure => figure.key === chosen)
  if (query.isError && !report) return <Failure error={query.error} retry={() => void query.refetch()} />
  const channel = period.channel ? (texts.channels[period.channel] ?? period.channel) : t.everyChannel
  return (
    <div className={classes.page}>
      <Stack gap="lg" maw={1180} mx="auto">
        <Group justify="space-between" align="flex-end">
          <div>
            <Title order={1} size="h3">
              {t.title}
            </Title>
            <Text size="sm" c="var(--muted)" role="status">
              {report ? t.asOf(clockWithSeconds(report.as_of)) : texts.common.loading}
            </Text>
            <p className={classes.printed}>
              {board.printed(calendarDay(period.since), calendarDay(period.until), channel)}
            </p>
          </div>
          <Acts onExport={() => setExporting(true)} />
        </Group>
        <Filters
          picked={picked}
          channels={(report?.channels ?? []).map(each => each.key)}
          against={against}
          onAgainst={setAgainst}
        />
        {query.isError && report && <Failure error={query.error} retry={() => void query.refetch()} />}
        {!report ? (
          <Skeleton height={420} radius="lg" />
        ) : (
          <>
            {isEmpty(report) && (
              <Placeholder icon={<IconChartHistogram />} title={board.nothing}>
                {board.nothingHelp}
              </Placeholder>
            )}
            {(Object.keys(GROUPS) as Group_[]).map(group => (
              <FigureGroup
                key={group}
                id={group}
                title={board.groups[group]}
                keys={GROUPS[group]}
                figures={report.figures}
                against={against}
                chosen={chosen}
                onDraw={setChosen}
                onOpen={setOpened}
              >
                {group === 'money' && <Standing report={report} onOpen={setOpened} />}
              </FigureGroup>
            ))}
            {drawn && report.days.length > 1 && (
              <Suspense fallback={<Skeleton height={280} radius="lg" />}>
                <Chart figure={drawn} days={report.days} />
              </Suspense>
            )}
            <Costs report={report} onOpen={key => setOpened({ key })} />
            <ByChannel report={report} />
            <ByPerson period={period} report={report} />
          </>
        )}
      </Stack>
      {opened && <MadeOf figure={opened} period={period} onClose={() => setOpened(null)} />}
      {exporting && <ExportModal period={period} onClose={() => setExporting(false)} />}
    </div>
  )
}

function isEmpty(report: Report): boolean {
  return report.figures.every(figure => !figure.value)
}

function Acts({ onExport }: { onExport: () => void }) {
  const mayExport = useMay('export')
  return (
    <Group gap="xs" className={classes.acts}>
      <Button variant="default" leftSection={<IconPrinter size={18} />} onClick={() => window.print()}>
        {board.print}
      </Button>
      {mayExport && (
        <Button variant="default" leftSection={<IconDownload size={18} />} onClick={onExport}>
          {t.exports.open}
        </Button>
      )}
    </Group>
  )
}

/** What stands now, whatever the period. */
function Standing({ report, onOpen }: { report: Report; onOpen: (figure: Described) => void }) {
  return report.standing.map(each => (
    <Card key={each.key} described={each} onOpen={() => onOpen(each)}>
      <p className={classes.number}>{shown(each.value, each.unit, each.currency)}</p>
      <Text size="xs" c="var(--muted)">
        {board.now}
      </Text>
    </Card>
  ))
}
