// Where the focus is in the grid, and which free nights are being picked: with the mouse from one to another, or with
// shift and the arrows.

import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { GridStay } from '../../api/schema.grid'
import { type Picked, type Place, pick, type Row, segmentAt, step } from './rows'

type Wish = {
  frame: RefObject<HTMLDivElement | null>
  rows: Row[]
  /** The night that the focus is on before anybody has moved it. */
  first: number
  /** So many of the first nights are over, and cannot be picked. */
  past: number
  onStay: (stay: GridStay, row: Row, at: DOMRect) => void
  onPick: ((picked: Picked, row: Row) => void) | undefined
}

export function usePicking({ frame, rows, first, past, onStay, onPick }: Wish) {
  const [at, setAt] = useState<Place | null>(null)
  const [picked, setPicked] = useState<Picked | null>(null)
  const anchor = useRef<Place | null>(null)
  const row = (room: string) => rows.find(each => each.room.number === room)
  const focus = at && segmentAt(row(at.room), at.col) ? at : rows[0] ? { room: rows[0].room.number, col: first } : null

  const drop = () => {
    anchor.current = null
    setPicked(null)
  }

  const release = useRef(() => {})
  release.current = () => {
    const here = picked && row(picked.room)
    // One night alone is a click, which comes after this.
    if (picked && here && picked.span > 1 && dragging.current) onPick?.(picked, here)
    if (dragging.current) drop()
    dragging.current = false
  }
  const dragging = useRef(false)
  useEffect(() => {
    const up = () => release.current()
    window.addEventListener('pointerup', up)
    return () => window.removeEventListener('pointerup', up)
  }, [])

  const go = (place: Place) => {
    setAt(place)
    const col = segmentAt(row(place.room), place.col)?.col ?? place.col
    const cell = frame.current?.querySelector<HTMLElement>(`[data-cell="${CSS.escape(`${place.room}:${col}`)}"]`)
    cell?.focus({ preventScroll: true })
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    // The focus has come to the first night of a stay; the arrows go on from the night they came to.
    setAt(place)
  }

  const open = (place: Place, cell: HTMLElement) => {
    const here = row(place.room)
    const found = segmentAt(here, place.col)
    if (!here || !found) return
    if (found.stay) onStay(found.stay, here, cell.getBoundingClientRect())
    else if (place.col >= past) {
      const chosen = picked?.room === place.room ? picked : pick(here, place.col, place.col)
      if (chosen) onPick?.(chosen, here)
      drop()
    }
  }

  const extend = (next: Place) => {
    anchor.current ??= focus
    const from = anchor.current
    if (
      !from ||
      from.room !== next.room ||
      Math.min(from.col, next.col) < past ||
      segmentAt(row(next.room), next.col)?.stay
    )
      return
    setPicked(pick(row(from.room), from.col, next.col))
    go(next)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!focus || event.altKey || event.metaKey) return
    const cell = event.target instanceof HTMLElement && event.target.dataset.cell ? event.target : null
    if (event.key === 'Escape') return drop()
    if (cell && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      return open(focus, cell)
    }
    const next = step(rows, focus, event.key, event.ctrlKey)
    if (!next) return
    event.preventDefault()
    if (event.shiftKey && onPick) return extend(next)
    drop()
    go(next)
  }

  return {
    focus,
    picked,
    onKeyDown,
    open,
    reach: (place: Place) => {
      if (place.room !== at?.room || segmentAt(row(place.room), at.col)?.col !== place.col) setAt(place)
    },
    press: (place: Place) => {
      if (!onPick || place.col < past) return
      dragging.current = true
      anchor.current = place
      setPicked(pick(row(place.room), place.col, place.col))
    },
    over: (place: Place) => {
      const from = anchor.current
      if (dragging.current && from?.room === place.room)
        setPicked(pick(row(place.room), from.col, Math.max(place.col, past)))
    },
  }
}
