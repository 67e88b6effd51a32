// The day as one bar: every piece as wide as it was long, told on hover and by keyboard; below, what states add up to.

import { Tooltip } from '@mantine/core'
import { type Day, type Piece, STATES } from '../../api/presenceState'
import { texts } from '../../texts'
import { duration } from '../../ui/format'
import { StateDot } from '../../ui/presence/StateDot'
import { pieceWords, zonedClock } from './pieces'
import classes from './TimeLine.module.css'

const t = texts.presence

type Props = { day: Day; visible: { pieces: Piece[]; start: number; end: number } }

export function TimeLine({ day, visible }: Props) {
  const { pieces, start, end } = visible
  const whole = Math.max(1, (end - start) / 1000)
  return (
    <section className={classes.card} aria-label={t.day.line}>
      <ul className={classes.bar}>
        {pieces.map(piece => (
          <Tooltip
            key={piece.start}
            label={pieceWords(piece, day.zone)}
            events={{ hover: true, focus: true, touch: true }}
          >
            <li
              className={classes.piece}
              data-state={piece.state}
              data-corrected={piece.correction !== null || undefined}
              style={{ flexGrow: piece.seconds / whole }}
            >
              <span className="visually-hidden">{pieceWords(piece, day.zone)}</span>
            </li>
          </Tooltip>
        ))}
      </ul>
      <div className={`${classes.ends} tabular`}>
        <span>{zonedClock(start, day.zone)}</span>
        <span>{zonedClock(end, day.zone)}</span>
      </div>
      <h2 className="visually-hidden">{t.day.totals}</h2>
      <dl className={classes.totals}>
        {STATES.filter(state => state !== 'offline' && day.totals[state] > 0).map(state => (
          <div key={state} className={classes.total}>
            <dt>
              <span className={classes.sample} data-state={state} />
              <StateDot state={state} />
              {t.states[state]}
            </dt>
            <dd className="tabular">{duration(day.totals[state])}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
