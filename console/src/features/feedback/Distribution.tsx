// The average and how many gave each score.

import { IconStarFilled } from '@tabler/icons-react'
import type { OpinionFigures } from '../../api/outreach'
import { numberLocale } from '../../texts/language'
import { outreach } from '../../texts/outreach'
import classes from './Opinions.module.css'

const t = outreach.opinions
const SCORES = [5, 4, 3, 2, 1]

export function Distribution({ figures }: { figures: OpinionFigures }) {
  if (figures.average === null) return <p className={classes.soft}>{t.noneFigures}</p>
  const average = figures.average.toLocaleString(numberLocale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  return (
    <div className={classes.figures}>
      <div className={classes.average}>
        <strong>{average}</strong>
        <span>{t.count(figures.count)}</span>
      </div>
      <ul className={classes.bars} aria-label={t.distribution}>
        {SCORES.map(score => {
          const n = figures.scores[score] ?? 0
          return (
            <li key={score} aria-label={t.bar(score, n)} data-low={score <= figures.low}>
              <span className={classes.star} aria-hidden>
                {score} <IconStarFilled size={12} />
              </span>
              <span className={classes.track} aria-hidden>
                <span style={{ width: `${(100 * n) / figures.count}%` }} />
              </span>
              <span className={classes.number} aria-hidden>
                {n}
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
