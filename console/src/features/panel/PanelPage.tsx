// How the house does: figures of a period beside the one before. Every figure opens what it is made of.

import { Button, Group, Select, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { type Figure, useReport } from '../../api/reports'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { clockWithSeconds } from '../../ui/format'
import { Failure } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { ByChannel, ByPerson } from './Breakdowns'
import { ExportModal } from './ExportModal'
import { FigureCard } from './FigureCard'
import { GROUPS, type PeriodName, periodOf } from './figures'
import { MadeOf } from './MadeOf'
import classes from './PanelPage.module.css'

const t = texts.figures
const Chart = lazy(() => import('./Chart'))
const PERIODS = Object.entries(t.periods).map(([value, label]) => ({ value, label }))

export function PanelPage() {
  const now = useMinute()
  const [name, setName] = useState<PeriodName>('week')
  const [dates, setDates] = useState(() => periodOf('week', now))
  const [channel, setChannel] = useState<string | null>(null)
  const [chosen, setChosen] = useState('revenue')
  const [opened, setOpened] = useState<Figure | null>(null)
  const [exporting, setExporting] = useState(false)
  const mayExport = useMay('export')
  const period = { ...(name === 'custom' ? dates : periodOf(name, now)), channel }
  const query = useReport(period)
  const report = query.data
  const byKey = new Map(report?.figures.map(figure => [figure.key, figure]))
  const drawn = byKey.get(chosen)
  if (query.isError && !report) return <Failure error={query.error} retry={() => void query.refetch()} />
  const channels = (report?.channels ?? []).map(each => each.key)
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
          </div>
          {mayExport && (
            <Button variant="default" leftSection={<IconDownload size={18} />} onClick={() => setExporting(true)}>
              {t.exports.open}
            </Button>
          )}
        </Group>
        <Group gap="sm" align="flex-end">
          <Select
            label={t.period}
            data={PERIODS}
            value={name}
            allowDeselect={false}
            onChange={value => {
              if (!value) return
              setDates(period)
              setName(value as PeriodName)
            }}
          />
          {name === 'custom' && (
            <>
              <DateInput label={t.since} value={dates.since} onChange={since => setDates({ ...dates, since })} />
              <DateInput label={t.until} value={dates.until} onChange={until => setDates({ ...dates, until })} />
            </>
          )}
          <Select
            label={t.channel}
            placeholder={t.everyChannel}
            data={[...new Set([...channels, ...(channel ? [channel] : [])])].map(value => ({
              value,
              label: texts.channels[value] ?? value,
            }))}
            value={channel}
            clearable
            onChange={setChannel}
          />
        </Group>
        {query.isError && report && <Failure error={query.error} retry={() => void query.refetch()} />}
        {!report ? (
          <Skeleton height={420} radius="lg" />
        ) : (
          <>
            {Object.entries(GROUPS).map(([group, figures]) => (
              <section key={group} aria-labelledby={`panel-${group}`}>
                <Title order={2} size="h5" mb="xs" id={`panel-${group}`}>
                  {t.groups[group as keyof typeof GROUPS]}
                </Title>
                <div className={classes.grid}>
                  {figures.map(key => {
                    const figure = byKey.get(key)
                    return (
                      figure && (
                        <FigureCard
                          key={key}
                          figure={figure}
                          drawn={key === chosen}
                          onDraw={() => setChosen(key)}
                          onOpen={() => setOpened(figure)}
                        />
                      )
                    )
                  })}
                </div>
              </section>
            ))}
            {drawn && report.days.length > 1 && (
              <Suspense fallback={<Skeleton height={280} radius="lg" />}>
                <Chart figure={drawn} days={report.days} />
              </Suspense>
            )}
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

function DateInput({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      type="date"
      label={label}
      value={value}
      required
      onChange={event => event.currentTarget.value && onChange(event.currentTarget.value)}
    />
  )
}
