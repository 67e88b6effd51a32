// How today goes on the floor, beside the day before: what a supervisor acts on.

import { Anchor, Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type Described, useReport } from '../../api/reports'
import { useMay } from '../../api/session'
import { board } from '../../texts/board'
import { Failure } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { FigureGroup } from './FigureGroup'
import { OF_FLOOR, periodOf } from './figures'
import { MadeOf } from './MadeOf'
import classes from './PanelPage.module.css'

export function FloorFigures() {
  return useMay('see_reports') ? <Floor /> : null
}

function Floor() {
  const period = { ...periodOf('today', useMinute()), channel: null }
  const query = useReport(period)
  const [opened, setOpened] = useState<Described | null>(null)
  if (query.isError && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton height={120} radius="lg" />
  return (
    <div className={classes.floor}>
      <FigureGroup
        id="floor"
        title={board.floor.title}
        keys={OF_FLOOR}
        figures={query.data.figures}
        against="before"
        onOpen={setOpened}
      />
      <Anchor component={Link} to="/panel" size="sm">
        {board.floor.open}
      </Anchor>
      {opened && <MadeOf figure={opened} period={period} onClose={() => setOpened(null)} />}
    </div>
  )
}
