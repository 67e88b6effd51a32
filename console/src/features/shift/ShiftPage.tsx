// A day of somebody's time: the line, what it adds up to, and every piece of it. One's own, or for supervisors anybody's.

import { ActionIcon, Skeleton } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconClockHour4 } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ApiError } from '../../api/client'
import { useDay } from '../../api/presence'
import { type Day, shown } from '../../api/presenceState'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { calendarDay, duration } from '../../ui/format'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { OwnFigures } from '../panel/OwnFigures'
import { Pending } from './Pending'
import { PieceList } from './PieceList'
import classes from './ShiftPage.module.css'
import { TimeLine } from './TimeLine'

const t = texts.presence.day

export function ShiftPage() {
  const { dia, persona } = useSearch({ strict: false }) as { dia?: string; persona?: string }
  const others = useMay('see_team')
  const own = useMay('keep_shift')
  if (persona ? !others : !own) return <NoPermission />
  return <ShiftDay who={persona ?? null} day={dia} />
}

function ShiftDay({ who, day }: { who: string | null; day: string | undefined }) {
  const own = useMay('answer')
  const query = useDay(who, day)
  const data = query.data
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{who === null ? t.title : t.of(data?.staff.name ?? '…')}</h1>
        {data && <Steps who={who} data={data} />}
      </header>
      {query.isPending && query.fetchStatus === 'paused' ? (
        <Failure error={new ApiError(0, 'unreachable', '')} retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton height={220} radius="lg" />
      ) : query.isError && !data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : data ? (
        <Content data={data} own={who === null} />
      ) : null}
      {who === null && own && <OwnFigures />}
    </div>
  )
}

function Content({ data, own }: { data: Day; own: boolean }) {
  const visible = shown(data)
  return (
    <>
      {own && <Pending />}
      {visible ? (
        <>
          <TimeLine day={data} visible={visible} />
          <Figures data={data} />
          <PieceList day={data} pieces={visible.pieces} />
        </>
      ) : (
        <Placeholder icon={<IconClockHour4 />} title={t.empty}>
          {t.emptyHint}
        </Placeholder>
      )}
    </>
  )
}

function Steps({ who, data }: { who: string | null; data: Day }) {
  const navigate = useNavigate()
  const go = (days: number) => {
    const at = new Date(`${data.day}T00:00:00Z`)
    at.setUTCDate(at.getUTCDate() + days)
    const dia = at.toISOString().slice(0, 10)
    void navigate({ to: '/mi', search: who === null ? { dia } : { dia, persona: who } })
  }
  const over = Date.parse(data.end) <= Date.parse(data.until)
  return (
    <div className={classes.steps}>
      <ActionIcon variant="default" size={40} aria-label={t.before} onClick={() => go(-1)}>
        <IconChevronLeft size={20} />
      </ActionIcon>
      <span className={classes.date}>
        {calendarDay(data.day)}
        <small>{t.zone(data.zone.split('/').pop()?.replaceAll('_', ' ') ?? data.zone)}</small>
      </span>
      <ActionIcon variant="default" size={40} aria-label={t.after} disabled={!over} onClick={() => go(1)}>
        <IconChevronRight size={20} />
      </ActionIcon>
    </div>
  )
}

function Figures({ data }: { data: Day }) {
  const mean = (seconds: number | null) => (seconds === null ? '–' : duration(seconds))
  const share = data.occupancy === null ? '–' : `${Math.round(data.occupancy * 100)} %`
  return (
    <dl className={classes.figures}>
      <Figure name={t.attended} value={String(data.attended)} />
      <Figure name={t.talk} value={mean(data.mean_talk)} />
      <Figure name={t.wrapUp} value={mean(data.mean_wrap_up)} />
      <Figure name={t.handling} value={mean(data.mean_handling)} />
      <Figure name={t.occupancy} value={share} help={t.occupancyHelp} />
    </dl>
  )
}

function Figure({ name, value, help }: { name: string; value: string; help?: string }) {
  return (
    <div className={classes.figure} title={help}>
      <dt>{name}</dt>
      <dd className="tabular">{value}</dd>
    </div>
  )
}
