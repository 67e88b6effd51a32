// What a training came to: the exam before and after, what it taught, what moved and what was not learned.

import { Button } from '@mantine/core'
import { useState } from 'react'
import { useIntents } from '../../api/assistant'
import type { Figures } from '../../api/schema.assistant'
import { assistant } from '../../texts/assistant'
import { numberLocale } from '../../texts/language'
import classes from './AssistantPage.module.css'
import parts from './Parts.module.css'

const t = assistant.training

export function VersionMarks({ figures }: { figures: Figures }) {
  const { name } = useIntents()
  const [open, setOpen] = useState(false)
  return (
    <>
      <table className={parts.marks}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t.accuracy}</span>
            </th>
            <th scope="col">{t.before}</th>
            <th scope="col">{t.after}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">
              {t.accuracy}
              <br />
              {t.asked(figures.asked)}
            </th>
            <td>{exact(figures.before)}</td>
            <td>{exact(figures.after)}</td>
          </tr>
          <tr>
            <th scope="row">{t.taughtRight}</th>
            <td>{t.ofAll(figures.taught_before, figures.taught)}</td>
            <td>{t.ofAll(figures.taught_after, figures.taught)}</td>
          </tr>
          {open &&
            figures.moved.map(each => (
              <tr key={each.intent}>
                <th scope="row">{name(each.intent)}</th>
                <td>{exact(each.before)}</td>
                <td>{exact(each.after)}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {figures.moved.length > 0 && (
        <Button size="compact-xs" variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t.moved}
        </Button>
      )}
      {figures.missed.length > 0 && (
        <>
          <p className={classes.soft}>{t.missed}</p>
          <ul className={classes.list}>
            {figures.missed.map(each => (
              <li key={each.text} className={classes.soft}>
                «{each.text}» · {name(each.intent)} · {t.answered(name(each.answered))}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function exact(share: number): string {
  return new Intl.NumberFormat(numberLocale, { style: 'percent', minimumFractionDigits: 1 }).format(share)
}
