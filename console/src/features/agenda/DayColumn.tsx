// One column of the agenda: a day, or a resource on a day, with its appointments where they fall.

import { trade } from '../../texts/trade'
import classes from './AgendaPage.module.css'
import { asClock, type Block } from './lanes'

const t = trade.agenda
const STEP = 30

type Props = {
  title: string
  sub: string
  today: boolean
  blocks: Block[]
  range: [number, number]
  open: [number, number][]
  names: Record<string, string>
  /** The minute of the day that it is now, where that is in this column. */
  now: number | null
  onOpen: (block: Block) => void
  onAdd: ((minute: number) => void) | undefined
}

export function DayColumn({ title, sub, today, blocks, range, open, names, now, onOpen, onAdd }: Props) {
  const [from, until] = range
  const place = (a: number, b: number) => ({
    top: `${share(a, range)}%`,
    height: `${share(b, range) - share(a, range)}%`,
  })
  const marks = Array.from({ length: (until - from) / STEP }, (_, index) => from + index * STEP)
  return (
    <section className={classes.column} data-today={today} aria-label={`${title}, ${sub}`}>
      <header className={classes.columnHead}>
        <span className={classes.columnTitle}>{title}</span>
        <span className={classes.columnSub}>{sub}</span>
      </header>
      <div className={classes.body} style={{ height: (until - from) * 1.1 }}>
        {marks.map(minute => {
          const isOpen = open.some(([a, b]) => a <= minute && minute < b)
          const isPast = now !== null && minute + STEP <= now
          return onAdd && isOpen && !isPast ? (
            <button
              key={minute}
              type="button"
              className={classes.mark}
              data-open
              style={place(minute, minute + STEP)}
              aria-label={t.addAt(`${asClock(minute)}, ${title}`)}
              onClick={() => onAdd(minute)}
            />
          ) : (
            <span
              key={minute}
              className={classes.mark}
              data-open={isOpen}
              data-past={isPast}
              style={place(minute, minute + STEP)}
            />
          )
        })}
        {now !== null && now > from && now < until && (
          <span className={classes.now} style={{ top: `${share(now, range)}%` }} />
        )}
        {blocks.map(block => (
          <button
            key={block.appointment.code}
            type="button"
            className={classes.block}
            title={`${asClock(block.from)} ${block.appointment.service.name}, ${block.appointment.name ?? block.appointment.code}`}
            data-short={block.until - block.from < 45}
            style={{
              ...place(block.from, block.until),
              left: `calc(${(block.lane / block.lanes) * 100}% + 2px)`,
              width: `calc(${100 / block.lanes}% - 4px)`,
            }}
            onClick={() => onOpen(block)}
          >
            <strong>{block.appointment.name ?? block.appointment.code}</strong>
            <span>
              {asClock(block.from)} · {block.appointment.service.name}
            </span>
            <span className={classes.where}>{names[block.appointment.resource]}</span>
          </button>
        ))}
        {open.length === 0 && blocks.length === 0 && <p className={classes.closed}>{t.closed}</p>}
      </div>
    </section>
  )
}

function share(minute: number, [from, until]: [number, number]): number {
  return ((Math.min(Math.max(minute, from), until) - from) / (until - from)) * 100
}
