// One figure: what it is, how much, how that compares, and the way to what it is made of.

import { Text, Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowDownRight, IconArrowUpRight, IconEqual, IconInfoCircle, IconList } from '@tabler/icons-react'
import type { Figure } from '../../api/reports'
import { texts } from '../../texts'
import { shown, trend } from './figures'
import classes from './PanelPage.module.css'

const t = texts.figures
type Props = { figure: Figure; drawn: boolean; onDraw: () => void; onOpen: () => void }

export function FigureCard({ figure, drawn, onDraw, onOpen }: Props) {
  const compared = trend(figure)
  const value = shown(figure.value, figure.unit, figure.currency)
  const rises = (figure.value ?? 0) > (figure.before ?? 0)
  const Arrow = compared === 'same' ? IconEqual : rises ? IconArrowUpRight : IconArrowDownRight
  return (
    <div className={drawn ? `${classes.card} ${classes.drawn}` : classes.card}>
      <div className={classes.head}>
        <Tooltip label={figure.definition} multiline w={260} events={{ hover: true, focus: true, touch: true }}>
          <UnstyledButton className={classes.name} aria-label={`${figure.name}: ${figure.definition}`}>
            {figure.name} <IconInfoCircle size={14} aria-hidden />
          </UnstyledButton>
        </Tooltip>
        <UnstyledButton className={classes.list} onClick={onOpen} aria-label={t.open(figure.name)}>
          <IconList size={18} aria-hidden />
        </UnstyledButton>
      </div>
      <UnstyledButton
        className={classes.number}
        onClick={onDraw}
        aria-label={`${value}. ${t.byDay(figure.name)}`}
        aria-pressed={drawn}
      >
        {value}
      </UnstyledButton>
      <Text size="xs" className={compared ? classes[compared] : classes.same}>
        {compared === null ? (
          t.noBefore
        ) : (
          <>
            <Arrow size={14} aria-hidden /> <span className="visually-hidden">{t[compared]}. </span>
            {t.before(shown(figure.before, figure.unit, figure.currency))}
          </>
        )}
      </Text>
    </div>
  )
}
