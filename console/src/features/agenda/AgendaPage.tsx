// Appointments of a day by resource, or of a week by day; on a telephone as a list.

import { Button, SegmentedControl, Select, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCalendarOff, IconPlus } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError } from '../../api/client'
import type { Appointment } from '../../api/schema.people'
import type { Agenda } from '../../api/schema.trade'
import { useMay } from '../../api/session'
import { useAgenda, useDays } from '../../api/trade'
import { texts } from '../../texts'
import { trade } from '../../texts/trade'
import { DateSteps } from '../../ui/DateSteps'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { shift } from '../availability/rows'
import classes from './AgendaPage.module.css'
import { AppointmentModal } from './AppointmentModal'
import { BookModal, type Start } from './BookModal'
import { Columns } from './Columns'
import { DayList } from './DayList'
import { clockIn, weekdayOf } from './lanes'

const t = trade.agenda

export function AgendaPage() {
  const may = useMay('see_bookings')
  const query = useAgenda()
  if (!may) return <NoPermission />
  if (query.data) return <Open agenda={query.data} />
  if (query.error instanceof ApiError && query.error.absent) {
    return (
      <Placeholder icon={<IconCalendarOff />} title={t.none}>
        {t.noneHelp}
      </Placeholder>
    )
  }
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  return <Skeletons />
}

function Open({ agenda }: { agenda: Agenda }) {
  const search: { dia?: string; ver?: string; quien?: string } = useSearch({ strict: false })
  const navigate = useNavigate()
  const phone = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const mayBook = useMay('change_bookings')
  const today = clockIn(agenda.timezone, new Date(useMinute()).toISOString()).day
  const day = search.dia ?? today
  const week = search.ver === 'semana'
  const first = week ? shift(day, -weekdayOf(day)) : day
  const days = Array.from({ length: week ? 7 : 1 }, (_, index) => shift(first, index))
  const query = useDays(first, days.length, agenda.days)
  const [open, setOpen] = useState<Appointment | null>(null)
  const [start, setStart] = useState<Start | null>(null)
  const resource = agenda.resources.find(each => each.code === search.quien) ?? null
  const shown = (query.data ?? []).filter(each => resource === null || each.resource === resource.code)
  const show = (change: { dia?: string | undefined; ver?: string; quien?: string | undefined }) =>
    void navigate({ to: '/agenda', search: { ...search, ...change } as typeof search, replace: true })
  const add = mayBook ? setStart : undefined
  const all = { agenda, days, appointments: shown, today, onOpen: setOpen, onAdd: add }
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{t.title}</h1>
        <div className={classes.tools}>
          <DateSteps
            date={day}
            onMove={way => show({ dia: shift(day, way * days.length) })}
            onToday={() => show({ dia: undefined })}
            onJump={dia => show({ dia })}
          />
          <SegmentedControl
            aria-label={t.view}
            value={week ? 'week' : 'day'}
            data={Object.entries(t.views).map(([value, label]) => ({ value, label }))}
            onChange={value => show({ ver: value === 'week' ? 'semana' : 'dia' })}
          />
          <Select
            w={180}
            aria-label={t.resource}
            placeholder={t.every}
            clearable
            data={agenda.resources.map(each => ({ value: each.code, label: each.name }))}
            value={resource?.code ?? null}
            onChange={value => show({ quien: value ?? undefined })}
          />
          {add && (
            <Button
              leftSection={<IconPlus size={17} />}
              onClick={() => add({ day: day < today ? today : day, minute: null, resource: resource?.code ?? null })}
            >
              {t.add}
            </Button>
          )}
        </div>
      </header>
      {!agenda.days ? (
        <Placeholder icon={<IconCalendarOff />}>{t.elsewhere}</Placeholder>
      ) : query.isPending ? (
        <Skeletons />
      ) : !query.data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : phone ? (
        <DayList {...all} />
      ) : (
        <Columns {...all} resource={resource} />
      )}
      {open && (
        <AppointmentModal
          appointment={open}
          zone={agenda.timezone}
          resource={agenda.resources.find(each => each.code === open.resource)?.name}
          onClose={() => setOpen(null)}
        />
      )}
      {start && <BookModal agenda={agenda} start={start} onClose={() => setStart(null)} />}
    </div>
  )
}

function Skeletons() {
  return (
    <div className={classes.loading} role="status" aria-label={texts.common.loading}>
      <Skeleton height={60} radius="lg" />
      <Skeleton height={320} radius="lg" />
    </div>
  )
}
