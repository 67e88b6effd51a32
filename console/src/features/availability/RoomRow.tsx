// One room: its free nights and the stays that lie over several of them.

import {
  IconAlertTriangleFilled,
  IconBuildingSkyscraper,
  IconCircleCheck,
  IconClock,
  IconReceipt,
  IconTool,
} from '@tabler/icons-react'
import type { Grid, GridStay, StayKind } from '../../api/schema.grid'
import { grid as t } from '../../texts/grid'
import { calendarDay } from '../../ui/format'
import { tint } from './GridHead'
import { Cell, Part } from './Part'
import classes from './RoomRow.module.css'
import { type Picked, type Row, type Segment, shift } from './rows'

export const ICONS: Record<StayKind, typeof IconClock> = {
  hold: IconClock,
  pending: IconReceipt,
  confirmed: IconCircleCheck,
  pms: IconBuildingSkyscraper,
  closed: IconTool,
}

type Props = {
  row: Row
  nights: string[]
  grid: Grid
  /** The night that has the focus, where it is in this row. */
  focus: number | null
  picked: Picked | null
  pickable: boolean
  onFocus: (col: number) => void
  onPress: (col: number) => void
  onOver: (col: number) => void
  onOpen: (col: number, cell: HTMLElement) => void
}

export function RoomRow(props: Props) {
  return (
    <Part part="row" className={classes.room} data-size={props.nights.length > 14 ? 'month' : undefined}>
      <Part part="rowheader" className={classes.roomName}>
        {props.row.room.number}
      </Part>
      {props.row.segments.map(each =>
        each.stay ? (
          <Taken key={each.col} segment={each} stay={each.stay} {...props} />
        ) : (
          <Free key={each.col} segment={each} {...props} />
        ),
      )}
    </Part>
  )
}

function common({ row, focus, onFocus, onOpen, segment }: Props & { segment: Segment }) {
  const { col, span } = segment
  return {
    tabIndex: focus !== null && col <= focus && focus < col + span ? 0 : -1,
    'aria-colindex': col + 2,
    'data-cell': `${row.room.number}:${col}`,
    style: { gridColumn: `${col + 2} / span ${span}` },
    onFocus: () => onFocus(col),
    onClick: (event: { currentTarget: HTMLElement }) => onOpen(col, event.currentTarget),
  } as const
}

function Free({ segment, ...props }: Props & { segment: Segment }) {
  const { row, nights, grid, picked, pickable, onPress, onOver } = props
  const night = nights[segment.col] ?? ''
  const chosen = picked !== null && picked.col <= segment.col && segment.col < picked.col + picked.span
  return (
    <Cell
      {...common({ ...props, segment })}
      aria-label={t.cell(t.roomOf(row.room.number), calendarDay(night))}
      aria-selected={chosen}
      aria-disabled={!pickable || night < grid.today}
      className={classes.free}
      data-tint={tint(night, grid)}
      onPointerDown={event => {
        if (event.pointerType === 'mouse' && event.button === 0) onPress(segment.col)
      }}
      onPointerOver={() => onOver(segment.col)}
    />
  )
}

function Taken({ segment, stay, ...props }: Props & { segment: Segment; stay: GridStay }) {
  const Icon = stay.contested ? IconAlertTriangleFilled : ICONS[stay.what]
  const words = wordsOf(props.row.room.number, stay)
  return (
    <Cell
      {...common({ ...props, segment })}
      aria-colspan={segment.span}
      aria-label={words}
      title={words}
      className={classes.stay}
      data-what={stay.what}
      data-one={segment.span === 1}
      data-contested={stay.contested}
      data-before={stay.check_in < stay.first}
      data-after={stay.check_out > shift(stay.first, stay.nights)}
    >
      <span className={classes.inside}>
        <Icon size={15} stroke={2} aria-hidden />
        <span>{nameOf(stay)}</span>
      </span>
    </Cell>
  )
}

export function nameOf(stay: GridStay): string {
  return stay.guest_name || stay.code || stay.pms_number || t.kinds[stay.what] || ''
}

function wordsOf(room: string, stay: GridStay): string {
  const kind = t.kinds[stay.what] ?? ''
  const who = stay.guest_name ?? stay.code ?? ''
  const words = t.stayCell(t.roomOf(room), kind, who, calendarDay(stay.check_in), calendarDay(stay.check_out))
  return stay.contested ? `${words}. ${t.contested}` : words
}
