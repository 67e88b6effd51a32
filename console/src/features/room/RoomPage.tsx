// The supervisor's room: who asks for help, who waits, every live call with what can be done, and the team.

import { Skeleton } from '@mantine/core'
import { IconPhoneOff } from '@tabler/icons-react'
import { presentCall } from '../../api/callState'
import { useActiveCalls } from '../../api/calls'
import type { Call } from '../../api/schema'
import { useSeat } from '../../api/seat'
import { useMay, useMe } from '../../api/session'
import { texts } from '../../texts'
import { duration } from '../../ui/format'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { useSecond } from '../../ui/useNow'
import { VoiceChip } from '../../ui/voice/VoiceChip'
import { QueueBoard } from './QueueBoard'
import { RoomCallCard } from './RoomCallCard'
import classes from './RoomPage.module.css'
import { roomCounts, roomOrder } from './rooms'
import { Team } from './Team'

export function RoomPage() {
  const me = useMe()
  const seat = useSeat()
  const active = useActiveCalls()
  const calls = active.data ?? []
  const present = presentCall(calls, me.id, seat)
  if (!useMay('listen')) return <NoPermission />
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{texts.room.title}</h1>
        <div className={classes.voice}>
          <VoiceChip />
        </div>
      </header>
      <QueueBoard />
      <Figures calls={calls} />
      <div className={classes.columns}>
        <section className={classes.calls} aria-label={texts.room.live}>
          {active.isPending ? (
            <Skeleton height={190} radius="lg" />
          ) : active.isError && !active.data ? (
            <Failure error={active.error} retry={() => void active.refetch()} />
          ) : calls.length === 0 ? (
            <Placeholder icon={<IconPhoneOff />} title={texts.room.none}>
              {texts.room.noneHint}
            </Placeholder>
          ) : (
            roomOrder(calls).map(call => (
              <RoomCallCard key={call.id} call={call} occupied={present !== null && present.id !== call.id} />
            ))
          )}
        </section>
        <Team />
      </div>
    </div>
  )
}

function Figures({ calls }: { calls: Call[] }) {
  const now = useSecond()
  const counts = roomCounts(calls)
  const waits = calls.filter(call => call.control === 'queued').map(waitStart)
  const longest = waits.length > 0 ? (now - Math.min(...waits)) / 1000 : null
  return (
    <dl className={classes.figures}>
      <Figure name={texts.room.inQueue} value={String(counts.queued)} alarm={counts.queued > 0} />
      <Figure
        name={texts.room.longest}
        value={longest === null ? '–' : duration(longest)}
        alarm={longest !== null && longest >= 60}
      />
      <Figure name={texts.room.withPeople} value={String(counts.held)} />
      <Figure name={texts.room.withBot} value={String(counts.bot)} />
    </dl>
  )
}

function waitStart(call: Call): number {
  return Date.parse(call.queued_at ?? call.answered_at ?? call.started_at)
}

function Figure({ name, value, alarm = false }: { name: string; value: string; alarm?: boolean }) {
  return (
    <div className={classes.figure} data-alarm={alarm}>
      <dt>{name}</dt>
      <dd className="tabular">{value}</dd>
    </div>
  )
}
