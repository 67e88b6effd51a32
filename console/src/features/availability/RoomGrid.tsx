// The grid itself: rooms down, nights across, one focus that the arrows move, nights picked with the mouse or shift.

import { type CSSProperties, useEffect, useRef } from 'react'
import type { Grid, GridStay } from '../../api/schema.grid'
import { grid as t } from '../../texts/grid'
import { Days, Occupancy, TypeRow } from './GridHead'
import { Part } from './Part'
import classes from './RoomGrid.module.css'
import { RoomRow } from './RoomRow'
import { nightsBetween, nightsOf, type Picked, type Row, rowsOf } from './rows'
import { usePicking } from './usePicking'

type Props = {
  grid: Grid
  type: string | null
  dimmed: boolean
  onStay: (stay: GridStay, row: Row, at: DOMRect) => void
  /** Absent where nothing may be held. */
  onPick: ((picked: Picked, row: Row) => void) | undefined
}

export function RoomGrid({ grid, type, dimmed, onStay, onPick }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const rows = rowsOf(grid, type)
  const nights = nightsOf(grid)
  const today = nights.indexOf(grid.today)
  const past = Math.max(0, nightsBetween(grid.from, grid.today))
  const { focus, picked, onKeyDown, ...acts } = usePicking({
    frame,
    rows,
    first: Math.max(today, 0),
    past,
    onStay,
    onPick,
  })

  // On a narrow screen today may lie outside what is seen at first.
  useEffect(() => {
    const box = frame.current
    const head = today > 0 ? box?.querySelector<HTMLElement>(`[data-night="${grid.today}"]`) : null
    if (head && box && box.scrollWidth > box.clientWidth + 8) box.scrollLeft = Math.max(0, head.offsetLeft - 150)
  }, [grid.today, today])

  return (
    <div ref={frame} className={classes.frame} data-dimmed={dimmed}>
      <Part
        part="grid"
        aria-label={`${t.title}. ${t.help}`}
        aria-colcount={nights.length + 1}
        aria-readonly={onPick === undefined}
        aria-multiselectable
        className={classes.grid}
        style={{ '--nights': nights.length } as CSSProperties}
        data-size={nights.length > 14 ? 'month' : nights.length > 7 ? 'fortnight' : 'week'}
        onKeyDown={onKeyDown}
      >
        <Part part="rowgroup" className={classes.top}>
          <Days grid={grid} nights={nights} />
          <Occupancy totals={grid.types.find(each => each.code === type)?.totals ?? grid.totals} grid={grid} />
        </Part>
        {grid.types
          .filter(each => type === null || each.code === type)
          .map(each => (
            <Part key={each.code} part="rowgroup">
              <TypeRow type={each} grid={grid} />
              {rows
                .filter(one => one.type === each)
                .map(one => {
                  const room = one.room.number
                  return (
                    <RoomRow
                      key={room}
                      row={one}
                      nights={nights}
                      grid={grid}
                      focus={focus?.room === room ? focus.col : null}
                      picked={picked?.room === room ? picked : null}
                      pickable={onPick !== undefined}
                      onFocus={col => acts.reach({ room, col })}
                      onPress={col => acts.press({ room, col })}
                      onOver={col => acts.over({ room, col })}
                      onOpen={(col, cell) => acts.open({ room, col }, cell)}
                    />
                  )
                })}
            </Part>
          ))}
      </Part>
    </div>
  )
}
