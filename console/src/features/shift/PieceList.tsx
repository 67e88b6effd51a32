// The pieces of a day one by one, the latest first, with what a supervisor corrected and why.

import { ActionIcon } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Day, Piece } from '../../api/presenceState'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { duration } from '../../ui/format'
import { StateDot } from '../../ui/presence/StateDot'
import { Correct } from './Correct'
import { pieceWords, stateWords, zonedClock } from './pieces'
import classes from './ShiftPage.module.css'

const t = texts.presence.day

export function PieceList({ day, pieces }: { day: Day; pieces: Piece[] }) {
  const corrects = useMay('change_team')
  const [wrong, setWrong] = useState<Piece | null>(null)
  return (
    <section className={classes.card} aria-label={t.list}>
      <h2 className={classes.label}>{t.list}</h2>
      <ol className={classes.list}>
        {[...pieces].reverse().map(piece => (
          <Row key={piece.start} day={day} piece={piece} onCorrect={corrects ? () => setWrong(piece) : undefined} />
        ))}
      </ol>
      {wrong && <Correct day={day} piece={wrong} onClose={() => setWrong(null)} />}
    </section>
  )
}

type RowProps = { day: Day; piece: Piece; onCorrect?: (() => void) | undefined }

function Row({ day, piece, onCorrect }: RowProps) {
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
            {t.corrected(correction.note, correction.by.name ?? texts.desk.someone)}
            {correction.recorded.map(each => (
              <span key={each.start}>{t.recorded(pieceWords(each, day.zone))}</span>
            ))}
          </small>
        )}
      </span>
      <span className="tabular">{duration(piece.seconds)}</span>
      {onCorrect && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={`${texts.presence.correct.act}: ${pieceWords(piece, day.zone)}`}
          onClick={onCorrect}
        >
          <IconPencil size={16} />
        </ActionIcon>
      )}
    </li>
  )
}
