// Departures with the places that are left, by day; who goes, and booking and cancelling for them.

import { Select, Skeleton } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError } from '../../api/client'
import type { Departure, Excursion } from '../../api/schema.trade'
import { useMay } from '../../api/session'
import { useDepartures, useExcursions } from '../../api/trade'
import { texts } from '../../texts'
import { trade } from '../../texts/trade'
import { DateSteps } from '../../ui/DateSteps'
import { calendarDay, capital } from '../../ui/format'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { shift } from '../availability/rows'
import { DepartureDrawer } from './DepartureDrawer'
import classes from './ExcursionsPage.module.css'

const t = trade.excursions
const DAYS = 14

export function ExcursionsPage() {
  const may = useMay('see_bookings')
  const catalogue = useExcursions()
  if (!may) return <NoPermission />
  if (catalogue.data) return <Open catalogue={catalogue.data} />
  if (catalogue.error instanceof ApiError && catalogue.error.absent) {
    return (
      <Placeholder icon={<IconMapOff />} title={t.none}>
        {t.noneHelp}
      </Placeholder>
    )
  }
  if (catalogue.isError) return <Failure error={catalogue.error} retry={() => void catalogue.refetch()} />
  return <Skeletons />
}

function Open({ catalogue }: { catalogue: Excursion[] }) {
  const search: { desde?: string; cual?: string } = useSearch({ strict: false })
  const navigate = useNavigate()
  const now = new Date(useMinute())
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
  const first = search.desde ?? today
  const query = useDepartures(first, DAYS)
  const [open, setOpen] = useState<Departure | null>(null)
  const which = catalogue.some(each => each.code === search.cual) ? search.cual : undefined
  const shown = (query.data ?? []).filter(each => which === undefined || each.excursion === which)
  const days = [...new Set(shown.map(each => each.day))]
  const names = Object.fromEntries(catalogue.map(each => [each.code, each]))
  const chosen = open && names[open.excursion]
  const fresh = open && (query.data?.find(each => each.excursion === open.excursion && each.day === open.day) ?? open)
  const show = (change: { desde?: string | undefined; cual?: string | undefined }) =>
    void navigate({ to: '/excursiones', search: { ...search, ...change } as typeof search, replace: true })
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{t.title}</h1>
        <div className={classes.tools}>
          <DateSteps
            date={first}
            onMove={way => show({ desde: shift(first, way * DAYS) })}
            onToday={() => show({ desde: undefined })}
            onJump={desde => show({ desde })}
          />
          <Select
            w={220}
            aria-label={t.which}
            placeholder={t.every}
            clearable
            data={catalogue.map(each => ({ value: each.code, label: each.name }))}
            value={which ?? null}
            onChange={value => show({ cual: value ?? undefined })}
          />
        </div>
      </header>
      {query.isPending ? (
        <Skeletons />
      ) : !query.data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : shown.length === 0 ? (
        <Placeholder icon={<IconMapOff />}>{t.empty}</Placeholder>
      ) : (
        <div className={classes.days}>
          {days.map(day => (
            <section key={day} aria-label={calendarDay(day)}>
              <h2 className={classes.day} data-today={day === today}>
                {capital(calendarDay(day))}
              </h2>
              <div className={classes.cards}>
                {shown
                  .filter(each => each.day === day)
                  .map(each => (
                    <Card
                      key={each.excursion}
                      departure={each}
                      hour={names[each.excursion]?.hour ?? ''}
                      name={names[each.excursion]?.name ?? each.excursion}
                      onOpen={() => setOpen(each)}
                    />
                  ))}
              </div>
            </section>
          ))}
        </div>
      )}
      {fresh && chosen && <DepartureDrawer departure={fresh} excursion={chosen} onClose={() => setOpen(null)} />}
    </div>
  )
}

type CardProps = { departure: Departure; hour: string; name: string; onOpen: () => void }

function Card({ departure, hour, name, onOpen }: CardProps) {
  const taken = departure.capacity - departure.left
  return (
    <button type="button" className={classes.card} data-full={departure.left === 0} onClick={onOpen}>
      <span className={classes.line}>
        <span className={classes.hour}>{hour}</span>
        <strong className={classes.name}>{name}</strong>
      </span>
      <span className={classes.meter} aria-hidden>
        <span style={{ width: `${(taken / Math.max(departure.capacity, 1)) * 100}%` }} />
      </span>
      <span className={classes.line}>
        <span className={classes.left}>{t.left(departure.left)}</span>
        <span className="muted">{t.of(taken, departure.capacity)}</span>
      </span>
    </button>
  )
}

function Skeletons() {
  return (
    <div className={classes.days} role="status" aria-label={texts.common.loading}>
      <Skeleton height={20} width={160} my="md" />
      <Skeleton height={92} radius="lg" mb="sm" />
      <Skeleton height={92} radius="lg" />
    </div>
  )
}
