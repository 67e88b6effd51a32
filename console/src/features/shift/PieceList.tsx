// The pieces of a day one by one, the latest first, with what a supervisor corrected and why.

import { IconPencil } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Day, Piece } from '../../api/presenceState'
import { es } from '../../texts/es'
import { duration } from '../../ui/format'
import { StateDot } from '../../ui/presence/StateDot'
import { stateWords, zonedClock } from './pieces'
import classes from './ShiftPage.module.css'

const t = es.presence.day

export function PieceList({ day, pieces }: { day: Day; pieces: Piece[] }) {
  return (
    <section className={classes.card} aria-label={t.list}>
      <h2 className={classes.label}>{t.list}</h2>
      <ol className={classes.list}>
        {[...pieces].reverse().map(piece => (
          <Row key={piece.start} day={day} piece={piece} />
        ))}
      </ol>
    </section>
  )
}

function Row({ day, piece }: { day: Day; piece: Piece }) {
  const correction = day.corrections.find(each => each.id === piece.correction)
  return (
    <li className={classes.row}>
      <span className={`${classes.time} tabular`}>{zonedClock(piece.start, day.zone)}</span>
      <StateDot state={piece.state} />
      <span className={classes.what}>
        {piece.conversation_id ? (
          <Link to="/c/$id" params={{ id: piece.conversation_id }} className={classes.link ?? ''}>
            {stateWords(piece)}
          </Link>
        ) : (
          stateWords(piece)
        )}
        {correction && (
          <small className={classes.correction}>
            <IconPencil size={13} aria-hidden />
            {t.corrected(correction.note, correction.by.name ?? es.desk.someone)}
          </small>
        )}
      </span>
      <span className="tabular">{duration(piece.seconds)}</span>
    </li>
  )
}
