// How the queues stand, for the supervisor: who waits, the longest wait, what was promised and is kept, who gave up.

import { Skeleton } from '@mantine/core'
import { useBoard, useEntries } from '../../api/queues'
import type { QueueBoard as Board, QueueFigures } from '../../api/schema.queues'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { duration } from '../../ui/format'
import { PartFailure } from '../../ui/Section'
import { useSecond } from '../../ui/useNow'
import classes from './QueueBoard.module.css'
import { lateness } from './rooms'

const t = texts.queues.board
const TONES: Record<string, string> = { broken: 'broken', at_risk: 'queue' }

export function QueueBoard() {
  const board = useBoard()
  if (!useMay('see_queues')) return null
  return (
    <section className={classes.board} aria-label={t.title}>
      <h2 className={classes.label}>{t.title}</h2>
      {board.data ? (
        <Shown board={board.data} />
      ) : board.isError ? (
        <PartFailure error={board.error} retry={() => void board.refetch()} />
      ) : (
        <Skeleton height={92} radius="lg" />
      )}
    </section>
  )
}

function Shown({ board }: { board: Board }) {
  if (board.queues.length === 0)
    return (
      <p className={classes.none}>
        <strong>{t.none}</strong> {t.noneHint}
      </p>
    )
  return (
    <>
      {!board.in_use && <p className={classes.none}>{t.unused}</p>}
      <Tiles figures={board.all} />
      <ul className={classes.queues}>
        {board.queues.map(queue => (
          <li key={queue.id} className={classes.queue} data-broken={queue.broken > 0}>
            <span className={classes.name}>
              <strong className="clip">{queue.name}</strong>
              <small>{queue.open ? t.people(queue.free, queue.people) : t.closed}</small>
            </span>
            <Cell name={t.waiting} value={String(queue.waiting)} />
            <Cell name={t.longest} value={<Longest since={queue.longest_since} />} />
            <Cell name={t.sla} value={share(queue.sla)} />
            <Cell name={t.abandoned} value={String(queue.abandoned)} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Tiles({ figures }: { figures: QueueFigures }) {
  const late = lateness(useEntries().data ?? [])
  const trouble = [
    figures.broken > 0 && t.broken(figures.broken),
    figures.at_risk > 0 && t.atRisk(figures.at_risk),
  ].filter(Boolean)
  return (
    <dl className={classes.tiles}>
      <Tile
        name={t.waiting}
        tone={figures.broken > 0 ? 'broken' : figures.waiting > 0 ? 'queue' : undefined}
        note={trouble.join(' · ')}
      >
        {figures.waiting}
      </Tile>
      <Tile name={t.longest} tone={late ? TONES[late] : undefined}>
        <Longest since={figures.longest_since} />
      </Tile>
      <Tile name={t.sla} help={t.slaHelp} tone={tone(figures.sla)} note={t.handled(figures.handled)}>
        {share(figures.sla)}
      </Tile>
      <Tile name={t.abandoned} help={t.abandonedHelp} note={share(figures.abandoned_share)}>
        {figures.abandoned}
      </Tile>
    </dl>
  )
}

type TileProps = {
  name: string
  help?: string
  note?: string | undefined
  tone?: string | undefined
  children: React.ReactNode
}

function Tile({ name, help, note, tone, children }: TileProps) {
  return (
    <div className={classes.tile} data-tone={tone} title={help}>
      <dt>{name}</dt>
      <dd className="tabular">{children}</dd>
      {note && note !== '–' && <dd className={classes.note}>{note}</dd>}
    </div>
  )
}

function Cell({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <span className={classes.cell}>
      <small>{name}</small>
      <span className="tabular">{value}</span>
    </span>
  )
}

function Longest({ since }: { since: string | null }) {
  const now = useSecond()
  return since ? duration((now - Date.parse(since)) / 1000) : '–'
}

function share(value: number | null): string {
  return value === null ? '–' : `${Math.round(value)} %`
}

/** From 90 % all is well, up to 60 % something is wrong. */
function tone(sla: number | null): string | undefined {
  if (sla === null) return undefined
  return sla >= 90 ? 'ok' : sla > 60 ? 'queue' : 'broken'
}
