// One figure: what it is, how much, how that compares, and the way to what it is made of.

import { Text, Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowDownRight, IconArrowUpRight, IconEqual, IconInfoCircle, IconList } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Described, Figure } from '../../api/reports'
import { texts } from '../../texts'
import { board } from '../../texts/board'
import { type Against, shown, trend } from './figures'
import classes from './PanelPage.module.css'

const t = texts.figures
type Props = {
  figure: Figure
  /** What nine in ten did not exceed, beside a median. */
  nine?: Figure | undefined
  against: Against
  drawn?: boolean
  onDraw?: (() => void) | undefined
  onOpen: () => void
}

export function FigureCard({ figure, nine, against, drawn = false, onDraw, onOpen }: Props) {
  const value = shown(figure.value, figure.unit, figure.currency)
  return (
    <Card described={figure} drawn={drawn} onOpen={onOpen}>
      {onDraw ? (
        <UnstyledButton
          className={classes.number}
          data-empty={figure.value === null}
          onClick={onDraw}
          aria-label={`${value}. ${t.byDay(figure.name)}`}
          aria-pressed={drawn}
        >
          {value}
        </UnstyledButton>
      ) : (
        <p className={classes.number} data-empty={figure.value === null}>
          {value}
        </p>
      )}
      {nine && nine.value !== null && (
        <Text size="xs" c="var(--muted)">
          {board.nine(shown(nine.value, nine.unit, nine.currency))}
        </Text>
      )}
      <Compared figure={figure} against={against} />
    </Card>
  )
}

function Compared({ figure, against }: { figure: Figure; against: Against }) {
  const compared = trend(figure, against)
  const past = figure[against]
  const rises = (figure.value ?? 0) > (past ?? 0)
  const Arrow = compared === 'same' ? IconEqual : rises ? IconArrowUpRight : IconArrowDownRight
  const words = shown(past, figure.unit, figure.currency)
  if (figure.value === null && past === null) return null
  return (
    <Text size="xs" className={compared ? classes[compared] : classes.same}>
      {compared === null ? (
        against === 'before' ? (
          t.noBefore
        ) : (
          board.noAgo
        )
      ) : (
        <>
          <Arrow size={14} aria-hidden /> <span className="visually-hidden">{t[compared]}. </span>
          {against === 'before' ? t.before(words) : board.ago(words)}
        </>
      )}
    </Text>
  )
}

type CardProps = { described: Described; drawn?: boolean; onOpen: () => void; children: ReactNode }

/** The frame: name with its definition (hover, focus, tap) and the list behind it. */
export function Card({ described, drawn = false, onOpen, children }: CardProps) {
  return (
    <div className={drawn ? `${classes.card} ${classes.drawn}` : classes.card}>
      <div className={classes.head}>
        <Tooltip label={described.definition} multiline w={260} events={{ hover: true, focus: true, touch: true }}>
          <UnstyledButton className={classes.name} aria-label={`${described.name}: ${described.definition}`}>
            {described.name} <IconInfoCircle size={14} aria-hidden />
          </UnstyledButton>
        </Tooltip>
        <UnstyledButton className={classes.list} onClick={onOpen} aria-label={t.open(described.name)}>
          <IconList size={18} aria-hidden />
        </UnstyledButton>
      </div>
      {children}
    </div>
  )
}
