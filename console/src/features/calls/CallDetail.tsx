// One call: what is said as it is said, who holds it, hang up; once ended, the transcript and the recording.

import { Button } from '@mantine/core'
import { IconArrowLeft, IconMessages, IconPhoneOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useCall, useHangUp } from '../../api/calls'
import { useConversation, useEphemeral } from '../../api/conversations'
import { NOTHING_EPHEMERAL } from '../../api/merge'
import type { Call } from '../../api/schema'
import { useMay } from '../../api/session'
import { es } from '../../texts/es'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { ControlBar } from '../../ui/control/ControlBar'
import { duration } from '../../ui/format'
import { LiveDot } from '../../ui/LiveDot'
import { LoadingPage } from '../../ui/LoadingPage'
import { LinkButton, LinkIcon } from '../../ui/links'
import { personName } from '../../ui/people'
import { explain, Failure, Placeholder } from '../../ui/StatePages'
import { Thread } from '../../ui/thread/Thread'
import { useSecond } from '../../ui/useNow'
import classes from './CallDetail.module.css'
import { Recording } from './Recording'
import { callSeconds, callSource, endReason } from './words'

export function CallDetail({ call }: { call: Call }) {
  const seesThread = useMay('see_conversations')
  const mayHangUp = useMay('hang_up')
  const mayHear = useMay('hear_recordings')
  const ended = call.status === 'ended'
  return (
    <section className={classes.call} aria-label={personName(call.person, 'call')}>
      <header className={classes.head}>
        <LinkIcon
          to="/llamadas"
          search={{}}
          className={classes.back ?? ''}
          variant="subtle"
          color="gray"
          size={44}
          aria-label={es.common.back}
        >
          <IconArrowLeft size={22} />
        </LinkIcon>
        <div className={classes.who}>
          <h2 className={`${classes.name} clip`}>{personName(call.person, 'call')}</h2>
          <span className={`${classes.sub} clip`}>
            {callSource(call)}
            {ended && call.end_reason ? ` · ${endReason(call.end_reason)}` : ''}
          </span>
        </div>
        {ended ? <span className="tabular muted">{duration(callSeconds(call))}</span> : <Timer call={call} />}
        {seesThread && (
          <LinkButton
            to="/c/$id"
            params={{ id: call.conversation_id }}
            variant="default"
            leftSection={<IconMessages size={17} />}
            className={classes.wide ?? ''}
          >
            {es.calls.openConversation}
          </LinkButton>
        )}
        {!ended && mayHangUp && <HangUp id={call.id} />}
      </header>
      {ended && mayHear && call.recording && <Recording key={call.recording.id} recording={call.recording} />}
      {!seesThread ? (
        <Placeholder icon={<IconMessages />}>{es.calls.noTranscript}</Placeholder>
      ) : ended ? (
        <EndedTranscript id={call.id} />
      ) : (
        <LiveTranscript conversationId={call.conversation_id} />
      )}
    </section>
  )
}

function Timer({ call }: { call: Call }) {
  const now = useSecond()
  const since = Date.parse(call.answered_at ?? call.started_at)
  return (
    <span className={`${classes.timer} tabular`}>
      <LiveDot />
      {call.status === 'ringing' ? es.calls.ringing : duration((now - since) / 1000)}
    </span>
  )
}

function LiveTranscript({ conversationId }: { conversationId: string }) {
  const query = useConversation(conversationId)
  const ephemeral = useEphemeral(conversationId)
  if (!query.data) {
    return query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <LoadingPage />
  }
  return (
    <>
      <Thread messages={query.data.messages} ephemeral={ephemeral} />
      <footer className={classes.foot}>
        <ControlBar conversation={query.data.conversation} />
      </footer>
    </>
  )
}

function EndedTranscript({ id }: { id: string }) {
  const query = useCall(id)
  if (!query.data) {
    return query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <LoadingPage />
  }
  return <Thread messages={query.data.transcript} ephemeral={NOTHING_EPHEMERAL} />
}

function HangUp({ id }: { id: string }) {
  const [asking, setAsking] = useState(false)
  const hangUp = useHangUp()
  return (
    <>
      <Button
        color="red.8"
        className={classes.hangUp ?? ''}
        aria-label={es.calls.hangUp}
        leftSection={<IconPhoneOff size={18} />}
        onClick={() => setAsking(true)}
      >
        <span className={classes.word}>{es.calls.hangUp}</span>
      </Button>
      <ConfirmModal
        opened={asking}
        danger
        title={es.calls.hangUpTitle}
        help={es.calls.hangUpHelp}
        confirm={es.calls.hangUp}
        busy={hangUp.isPending}
        error={hangUp.error ? explain(hangUp.error) : null}
        onClose={() => setAsking(false)}
        onConfirm={() => hangUp.mutate(id, { onSuccess: () => setAsking(false) })}
      />
    </>
  )
}
