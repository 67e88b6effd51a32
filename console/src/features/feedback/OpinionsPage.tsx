// What guests said of their stay: the average and how it is made up, those that wait for an answer, then all of them.

import { SegmentedControl } from '@mantine/core'
import { IconMoodSmile, IconStar } from '@tabler/icons-react'
import { useState } from 'react'
import { useAlertDone, useAlerts } from '../../api/house'
import { type Opinion, useOpinionFigures, useOpinions } from '../../api/outreach'
import { useMay } from '../../api/session'
import { outreach } from '../../texts/outreach'
import { Section } from '../../ui/Section'
import { explain, NoPermission, Placeholder } from '../../ui/StatePages'
import { Distribution } from './Distribution'
import { OpinionCard } from './OpinionCard'
import classes from './Opinions.module.css'
import { type Filter, kept, waiting } from './order'

const t = outreach.opinions
const PERIODS = Object.entries(t.periods).map(([value, label]) => ({ value, label }))
const FILTERS = Object.entries(t.filters).map(([value, label]) => ({ value, label }))

export function OpinionsPage() {
  const may = useMay('see_bookings')
  const mayAnswer = useMay('answer')
  const [days, setDays] = useState('90')
  const [filter, setFilter] = useState<Filter>('all')
  const query = useOpinions()
  const figures = useOpinionFigures(Number(days))
  const alerts = useAlerts()
  const done = useAlertDone()
  if (!may) return <NoPermission />
  const all = query.data ?? []
  const low = figures.data?.low ?? 2
  const open = waiting(all, alerts.data ?? [])
  const shown = kept(all, filter, low)
  const finish = (given: Opinion) => {
    const alert = open.get(given.booking_id)
    if (alert) done.mutate(alert)
  }
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <header className={classes.head}>
          <div>
            <h1 className={classes.title}>{t.title}</h1>
            <p className={classes.soft}>{t.help}</p>
          </div>
          <SegmentedControl aria-label={t.period} data={PERIODS} value={days} onChange={setDays} />
        </header>
        <Section title={t.average} query={figures}>
          {figures.data && <Distribution figures={figures.data} />}
        </Section>
        {query.data && all.length === 0 ? (
          <Placeholder icon={<IconStar />} title={t.none}>
            {t.noneHelp}
          </Placeholder>
        ) : (
          <>
            <Section title={t.toAnswer} query={query} tone={open.size > 0 ? 'alert' : 'plain'}>
              <p className={classes.soft}>{t.toAnswerHelp}</p>
              {open.size === 0 ? (
                <p className={classes.fine}>
                  <IconMoodSmile size={18} aria-hidden /> {t.nothingToAnswer}
                </p>
              ) : (
                <ul className={classes.list}>
                  {all
                    .filter(each => open.has(each.booking_id))
                    .sort((one, other) => one.score - other.score || one.at.localeCompare(other.at))
                    .map(each => (
                      <OpinionCard
                        key={each.booking_id}
                        given={each}
                        low
                        {...(mayAnswer ? { onDone: () => finish(each) } : {})}
                        busy={done.isPending && done.variables?.subject === each.booking_id}
                      />
                    ))}
                </ul>
              )}
              {done.error && <p role="alert">{explain(done.error)}</p>}
              <span role="status" className="visually-hidden">
                {done.isSuccess ? t.doneSaid : ''}
              </span>
            </Section>
            <Section
              title={t.all}
              query={query}
              aside={
                <SegmentedControl
                  size="xs"
                  aria-label={t.filter}
                  data={FILTERS}
                  value={filter}
                  onChange={value => setFilter(value as Filter)}
                />
              }
            >
              {shown.length === 0 ? (
                <p className={classes.soft} role="status">
                  {t.noMatch}
                </p>
              ) : (
                <ul className={classes.list}>
                  {shown.map(each => (
                    <OpinionCard key={each.booking_id} given={each} low={each.score <= low} />
                  ))}
                </ul>
              )}
            </Section>
          </>
        )}
      </div>
    </div>
  )
}
