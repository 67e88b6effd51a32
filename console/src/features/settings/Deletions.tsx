// What was deleted by age, night by night.

import { type Deletion, useDeletions } from '../../api/office'
import { setup } from '../../texts/setup'
import { dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import pieces from './Pieces.module.css'
import classes from './Settings.module.css'

const t = setup.retention
const NIGHTS = 14

type Night = { day: string; at: string; kinds: { what: string; count: number; subjects: number; days: string }[] }

export function nights(items: readonly Deletion[]): Night[] {
  const known = new Map<string, Map<string, { count: number; subjects: number; days: string; at: string }>>()
  for (const each of items) {
    const day = each.at.slice(0, 10)
    const kinds = known.get(day) ?? new Map()
    const before = kinds.get(each.what) ?? { count: 0, subjects: 0, days: '', at: each.at }
    kinds.set(each.what, {
      count: before.count + each.count,
      subjects: before.subjects + 1,
      days: each.rule.split('=')[1] ?? '',
      at: before.at,
    })
    known.set(day, kinds)
  }
  return [...known].map(([day, kinds]) => ({
    day,
    at: [...kinds.values()][0]?.at ?? day,
    kinds: [...kinds].map(([what, each]) => ({ what, count: each.count, subjects: each.subjects, days: each.days })),
  }))
}

export function Deletions() {
  const query = useDeletions()
  const now = useMinute()
  return (
    <Section title={t.log} query={query}>
      {query.data?.length === 0 && <p className={classes.empty}>{t.logNone}</p>}
      <ul className={pieces.plain}>
        {nights(query.data ?? [])
          .slice(0, NIGHTS)
          .map(night => (
            <li key={night.day}>
              <strong>{dayName(night.at, now)}</strong>
              {night.kinds.map(kind => (
                <span key={kind.what} className={classes.chip}>
                  {t.kinds[kind.what] ?? kind.what}: {t.logLine(kind.count, kind.subjects)} · {t.rule(kind.days)}
                </span>
              ))}
            </li>
          ))}
      </ul>
    </Section>
  )
}
