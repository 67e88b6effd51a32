// Which days, which channel, and what to compare with.

import { Group, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Period } from '../../api/reports'
import { texts } from '../../texts'
import { board } from '../../texts/board'
import { useMinute } from '../../ui/useNow'
import { type Against, type PeriodName, periodOf } from './figures'
import classes from './PanelPage.module.css'

const t = texts.figures
const PERIODS = Object.entries(t.periods).map(([value, label]) => ({ value, label }))
const AGAINST = Object.entries(board.againsts).map(([value, label]) => ({ value, label }))

/** The days that were picked; `today` moves on at midnight. */
export function usePeriod(first: Exclude<PeriodName, 'custom'>) {
  const now = useMinute()
  const [name, setName] = useState<PeriodName>(first)
  const [dates, setDates] = useState(() => periodOf(first, now))
  const [channel, setChannel] = useState<string | null>(null)
  const period: Period = { ...(name === 'custom' ? dates : periodOf(name, now)), channel }
  return { name, setName, dates, setDates, channel, setChannel, period }
}

type Picked = ReturnType<typeof usePeriod>
type Props = { picked: Picked; channels?: string[]; against?: Against; onAgainst?: (against: Against) => void }

export function Filters({ picked, channels, against, onAgainst }: Props) {
  const { name, dates, channel, period } = picked
  return (
    <Group gap="sm" align="flex-end" className={classes.filters}>
      <Select
        label={t.period}
        data={PERIODS}
        value={name}
        allowDeselect={false}
        onChange={value => {
          if (!value) return
          picked.setDates(period)
          picked.setName(value as PeriodName)
        }}
      />
      {name === 'custom' && (
        <>
          <DateInput label={t.since} value={dates.since} onChange={since => picked.setDates({ ...dates, since })} />
          <DateInput label={t.until} value={dates.until} onChange={until => picked.setDates({ ...dates, until })} />
        </>
      )}
      {channels && (
        <Select
          label={t.channel}
          placeholder={t.everyChannel}
          data={[...new Set([...channels, ...(channel ? [channel] : [])])].map(value => ({
            value,
            label: texts.channels[value] ?? value,
          }))}
          value={channel}
          clearable
          onChange={picked.setChannel}
        />
      )}
      {onAgainst && (
        <Select
          label={board.against}
          data={AGAINST}
          value={against ?? 'before'}
          allowDeselect={false}
          onChange={value => value && onAgainst(value as Against)}
        />
      )}
    </Group>
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
