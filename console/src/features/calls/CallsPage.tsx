// The call desk: one's own audio, the calls of this moment, and the ones that have ended with their recordings.

import { Skeleton } from '@mantine/core'
import { IconPhone, IconPhoneOff } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { presentCall } from '../../api/callState'
import { useActiveCalls, useEndedCalls } from '../../api/calls'
import { useLostCall } from '../../api/lostCall'
import type { Call } from '../../api/schema'
import { useSeat } from '../../api/seat'
import { useMay, useMe } from '../../api/session'
import { texts } from '../../texts'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { VoiceChip } from '../../ui/voice/VoiceChip'
import { Callbacks } from './Callbacks'
import { CallDetail } from './CallDetail'
import classes from './CallsPage.module.css'
import { DeskSections } from './DeskSections'
import { EndedCallRow } from './EndedCallRow'

export function CallsPage() {
  const me = useMe()
  const seat = useSeat()
  const active = useActiveCalls()
  const ended = useEndedCalls()
  const { llamada } = useSearch({ strict: false })
  const navigate = useNavigate()
  const mayAnswer = useMay('answer')
  const calls = active.data ?? []
  const known = [...calls, ...(ended.data ?? [])]
  const asked = known.find(call => call.id === llamada)
  const lostId = useLostCall()
  const last = useRef<Call>(undefined)
  // On a wide screen a call is open from the start, one's own before the first, and stays open until another is chosen;
  // on a phone the list comes first. A call that has just ended is in neither list for a moment.
  const wanted = llamada ?? lostId ?? last.current?.id
  const open =
    known.find(call => call.id === wanted) ??
    (last.current?.id === llamada ? last.current : undefined) ??
    presentCall(calls, me.id, seat) ??
    calls[0]
  useEffect(() => {
    last.current = open
  }, [open])
  const choose = (id: string) => navigate({ to: '/llamadas', search: { llamada: id } })
  if (!useMay('see_calls')) return <NoPermission />
  return (
    <div className={classes.page} data-asked={asked !== undefined}>
      <div className={classes.list}>
        <h1 className={classes.title}>{texts.calls.title}</h1>
        {mayAnswer && <VoiceChip />}
        {active.isPending ? (
          <Skeleton height={78} radius="lg" style={{ flex: 'none' }} />
        ) : active.isError && !active.data ? (
          <Failure error={active.error} retry={() => void active.refetch()} />
        ) : calls.length === 0 ? (
          <div className={classes.quiet}>
            <IconPhoneOff size={20} stroke={1.6} aria-hidden />
            <div>
              <strong>{texts.calls.none}</strong>
              <p>{texts.calls.noneHint}</p>
            </div>
          </div>
        ) : (
          <DeskSections calls={calls} meId={me.id} openId={open?.id} onOpen={id => void choose(id)} />
        )}
        <Callbacks />
        <section aria-label={texts.calls.ended}>
          <h2 className={classes.label}>{texts.calls.ended}</h2>
          {ended.isPending ? (
            <Skeleton height={160} radius="lg" />
          ) : ended.isError && !ended.data ? (
            <Failure error={ended.error} retry={() => void ended.refetch()} />
          ) : ended.data?.length === 0 ? (
            <p className={classes.none}>{texts.calls.noneEnded}</p>
          ) : (
            <ul className={classes.ended}>
              {ended.data?.map(call => (
                <EndedCallRow
                  key={call.id}
                  call={call}
                  selected={call.id === open?.id}
                  onOpen={() => void choose(call.id)}
                />
              ))}
            </ul>
          )}
        </section>
      </div>
      <div className={classes.detail}>
        {open ? (
          <CallDetail key={open.id} call={open} />
        ) : (
          <Placeholder icon={<IconPhone />} title={texts.calls.pick} />
        )}
      </div>
    </div>
  )
}
