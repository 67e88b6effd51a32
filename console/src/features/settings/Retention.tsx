// What is kept how long, and changing it: a shorter period says first what the coming night would delete.

import { Button } from '@mantine/core'
import { IconClockHour3, IconHistory, IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { type Period, useRetention } from '../../api/office'
import { setup } from '../../texts/setup'
import { clock, dayAhead, dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import { Deletions } from './Deletions'
import { Holds } from './Holds'
import { PeriodModal } from './PeriodModal'
import pieces from './Pieces.module.css'
import { Chips, Lead } from './parts'
import classes from './Settings.module.css'

const t = setup.retention

export function Retention() {
  const query = useRetention()
  const now = useMinute()
  const [changing, setChanging] = useState<Period | null>(null)
  const found = query.data
  return (
    <>
      <Lead>{t.help}</Lead>
      <Section
        title={t.what}
        query={query}
        aside={
          found && (
            <span className={pieces.aside}>
              <IconClockHour3 size={16} aria-hidden />
              {t.next(`${dayAhead(found.next_at, now).toLowerCase()} ${clock(found.next_at)}`)}
            </span>
          )
        }
      >
        <ul className={classes.list}>
          {found?.items.map(period => (
            <li key={period.name} className={classes.row}>
              <div className={classes.what}>
                <strong>{t.periods[period.name]?.[0] ?? period.name}</strong>
                <p>{t.periods[period.name]?.[1]}</p>
                <div className={classes.chips}>
                  <Chips
                    items={[period.chosen ? t.chosen(period.given) : t.given(period.given)]}
                    {...(period.chosen ? { tone: 'ok' as const } : {})}
                  />
                </div>
              </div>
              <strong className={pieces.days}>{t.days(period.days)}</strong>
              <Button
                variant="default"
                leftSection={<IconPencil size={16} />}
                aria-label={`${t.change}: ${t.periods[period.name]?.[0] ?? period.name}`}
                onClick={() => setChanging(period)}
              >
                {t.change}
              </Button>
            </li>
          ))}
        </ul>
      </Section>
      {found && (
        <Section title={t.history}>
          {found.history.length === 0 ? (
            <p className="muted">{t.historyNone}</p>
          ) : (
            <ul className={pieces.plain}>
              {found.history.map(each => (
                <li key={`${each.at} ${each.name}`}>
                  <IconHistory size={17} aria-hidden />
                  <span>
                    {t.periods[each.name]?.[0] ?? each.name}: {each.days === null ? t.backToGiven : t.days(each.days)}
                  </span>
                  <span className="muted">
                    {dayName(each.at, now)} {clock(each.at)} {each.by.name ? t.by(each.by.name) : ''}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Section>
      )}
      <Holds />
      <Deletions />
      {changing && <PeriodModal period={changing} onClose={() => setChanging(null)} />}
    </>
  )
}
