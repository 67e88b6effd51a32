// What of the grid is shown: which dates, how many, which rooms; and how fresh it is.

import { ActionIcon, Button, Group, SegmentedControl, Select, TextInput, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconPlugConnectedX } from '@tabler/icons-react'
import type { Grid } from '../../api/schema.grid'
import { grid as t } from '../../texts/grid'
import { clock, clockWithSeconds } from '../../ui/format'
import classes from './AvailabilityPage.module.css'

export type View = { from: string; nights: number; type: string | null }

type Props = {
  view: View
  grid: Grid | undefined
  onMove: (way: 1 | -1) => void
  onToday: () => void
  onJump: (date: string) => void
  onNights: (nights: number) => void
  onType: (type: string | null) => void
}

export function Toolbar({ view, grid, onMove, onToday, onJump, onNights, onType }: Props) {
  return (
    <header className={classes.head}>
      <div className={classes.titles}>
        <h1 className={classes.title}>{t.title}</h1>
        {grid?.pms === 'ok' && grid.as_of && (
          <Tooltip label={t.pms.okHelp} events={{ hover: true, focus: true, touch: true }}>
            <span className={classes.fresh}>{t.pms.ok(clockWithSeconds(grid.as_of))}</span>
          </Tooltip>
        )}
      </div>
      <div className={classes.tools}>
        <Group gap={6} wrap="nowrap">
          <ActionIcon variant="default" size={36} aria-label={t.earlier} onClick={() => onMove(-1)}>
            <IconChevronLeft size={18} />
          </ActionIcon>
          <Button variant="default" h={36} px="sm" onClick={onToday}>
            {t.today}
          </Button>
          <ActionIcon variant="default" size={36} aria-label={t.later} onClick={() => onMove(1)}>
            <IconChevronRight size={18} />
          </ActionIcon>
        </Group>
        <TextInput
          type="date"
          className={classes.jump ?? ''}
          aria-label={t.jump}
          value={view.from}
          onChange={event => event.currentTarget.value && onJump(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={t.span}
          className={classes.span ?? ''}
          value={String(view.nights)}
          data={Object.entries(t.spans).map(([value, label]) => ({ value, label }))}
          onChange={value => onNights(Number(value))}
        />
        <Select
          className={classes.type ?? ''}
          aria-label={t.type}
          placeholder={t.everyType}
          clearable
          data={grid?.types.map(each => ({ value: each.code, label: each.name })) ?? []}
          value={view.type}
          onChange={onType}
        />
      </div>
    </header>
  )
}

/** Why nothing can be held from what is shown. */
export function Warning({ grid }: { grid: Grid }) {
  if (grid.pms === 'ok' && !grid.read_only) return null
  const words = grid.pms === 'ok' ? t.pms.stopped : grid.as_of ? t.pms.away(clock(grid.as_of)) : t.pms.never
  return (
    <p className={classes.warning} role="status">
      <IconPlugConnectedX size={18} aria-hidden />
      {words}
    </p>
  )
}
