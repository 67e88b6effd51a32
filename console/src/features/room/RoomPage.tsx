// The supervisor's room: who asks for help, who waits, every live call with what can be done, and the team.

import { Button, Skeleton } from '@mantine/core'
import { IconDeviceTv, IconPhoneOff } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
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
import { FloorFigures } from '../panel/FloorFigures'
import { QueueBoard } from './QueueBoard'
import { RoomCallCard } from './RoomCallCard'
import classes from './RoomPage.module.css'
import { roomCounts, roomOrder } from './rooms'
import { Team } from './Team'
import { TvRoom } from './TvRoom'
import { Waiting } from './Waiting'

export function RoomPage() {
  const me = useMe()
  const seat = useSeat()
  const active = useActiveCalls()
  const calls = active.data ?? []
  const present = presentCall(calls, me.id, seat)
  const { tv } = useSearch({ strict: false })
  if (!useMay('listen')) return <NoPermission />
  if (tv) return <TvRoom />
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{texts.room.title}</h1>
        <TvButton />
        <div className={classes.voice}>
          <VoiceChip />
        </div>
      </header>
      <QueueBoard />
      <Waiting />
      <div className={classes.columns}>
        <section className={classes.calls} aria-label={texts.room.live}>
          <Figures calls={calls} />
          {active.isPending ? (
            <Skeleton height={190} radius="lg" />
          ) : active.isError && !active.data ? (
            <Failure error={active.error} retry={() => void active.refetch()} />
          ) : calls.length === 0 ? (
            <div className={classes.none}>
              <Placeholder icon={<IconPhoneOff />} title={texts.room.none}>
                {texts.room.noneHint}
              </Placeholder>
            </div>
          ) : (
            roomOrder(calls).map(call => (
              <RoomCallCard key={call.id} call={call} occupied={present !== null && present.id !== call.id} />
            ))
          )}
        </section>
        <Team />
      </div>
      <FloorFigures />
    </div>
  )
}

/** A screen asks to be full only when it is pressed for. */
function TvButton() {
  const navigate = useNavigate()
  const open = () => {
    void document.documentElement.requestFullscreen?.().catch(() => null)
    void navigate({ to: '/sala', search: { tv: 1 } })
  }
  return (
    <Button variant="default" leftSection={<IconDeviceTv size={18} />} title={texts.room.tv.hint} onClick={open}>
      {texts.room.tv.button}
    </Button>
  )
}

function Figures({ calls }: { calls: Call[] }) {
  const now = useSecond()
  const counts = roomCounts(calls)
  const waits = calls.filter(call => call.control === 'queued').map(waitStart)
  const longest = waits.length > 0 ? (now - Math.min(...waits)) / 1000 : null
  return (
    <header className={classes.figures}>
      <h2 className={classes.label}>
        {texts.room.onCalls} <span className="tabular">({calls.length})</span>
      </h2>
      {calls.length > 0 && (
        <ul className={classes.counts}>
          <li data-alarm={counts.queued > 0}>
            {texts.room.inQueue} <strong className="tabular">{counts.queued}</strong>
            {longest !== null && (
              <span className="tabular" title={texts.room.longest}>
                {' '}
                · {duration(longest)}
              </span>
            )}
          </li>
          <li>
            {texts.room.withPeople} <strong className="tabular">{counts.held}</strong>
          </li>
          <li>
            {texts.room.withBot} <strong className="tabular">{counts.bot}</strong>
          </li>
        </ul>
      )}
    </header>
  )
}

function waitStart(call: Call): number {
  return Date.parse(call.queued_at ?? call.answered_at ?? call.started_at)
}
