// One call: live, with everything that can be done to it; once ended, its transcript and recording.

import { IconArrowLeft, IconMessages, IconPlayerPause, IconPlayerRecordFilled } from '@tabler/icons-react'
import { voiceOf } from '../../api/callState'
import { useCall } from '../../api/calls'
import { NOTHING_EPHEMERAL } from '../../api/merge'
import type { Call } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { CallTimer } from '../../ui/calls/CallTimer'
import { callSeconds, callSource, endReason } from '../../ui/calls/words'
import { duration } from '../../ui/format'
import { LoadingPage } from '../../ui/LoadingPage'
import { LinkButton, LinkIcon } from '../../ui/links'
import { personName } from '../../ui/people'
import { RecordingPlayer } from '../../ui/recordings/RecordingPlayer'
import { Failure, Placeholder } from '../../ui/StatePages'
import { Thread } from '../../ui/thread/Thread'
import classes from './CallDetail.module.css'
import { LiveCall } from './LiveCall'

export function CallDetail({ call }: { call: Call }) {
  const seesThread = useMay('see_conversations')
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
          aria-label={texts.common.back}
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
        {!ended && call.voice && <RecordingMark call={call} />}
        {ended ? (
          <span className="tabular muted">{duration(callSeconds(call))}</span>
        ) : (
          <CallTimer call={call} plain={call.voice?.recording === 'on'} />
        )}
        {seesThread && (
          <LinkButton
            to="/c/$id"
            params={{ id: call.conversation_id }}
            variant="default"
            leftSection={<IconMessages size={17} />}
            className={classes.wide ?? ''}
          >
            {texts.calls.openConversation}
          </LinkButton>
        )}
      </header>
      {!seesThread ? (
        <Placeholder icon={<IconMessages />}>{texts.calls.noTranscript}</Placeholder>
      ) : !ended ? (
        <LiveCall call={call} />
      ) : mayHear && call.recording ? (
        <RecordingPlayer key={call.recording.id} id={call.recording.id} />
      ) : (
        <EndedTranscript id={call.id} />
      )}
    </section>
  )
}

function RecordingMark({ call }: { call: Call }) {
  const { recording } = voiceOf(call)
  const help = recording === 'on' ? undefined : texts.desk.recordingHelp[recording]
  return (
    <span className={classes.recording} data-state={recording} title={help} role="status">
      {recording === 'on' && <IconPlayerRecordFilled size={13} aria-hidden />}
      {recording === 'paused' && <IconPlayerPause size={14} aria-hidden />}
      <span>{texts.desk.recording[recording]}</span>
    </span>
  )
}

function EndedTranscript({ id }: { id: string }) {
  const query = useCall(id)
  if (!query.data) {
    return query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <LoadingPage />
  }
  return <Thread messages={query.data.transcript} ephemeral={NOTHING_EPHEMERAL} />
}
