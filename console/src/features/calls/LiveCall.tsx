// A call that is on: what is said as it is said, who the customer hears, and what can be done.

import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { isMine, presentCall, voiceOf } from '../../api/callState'
import { useActiveCalls } from '../../api/calls'
import { useConversation, useEphemeral } from '../../api/conversations'
import type { Call } from '../../api/schema'
import { useSeat } from '../../api/seat'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { ListenVerbs } from '../../ui/calls/ListenVerbs'
import { LoadingPage } from '../../ui/LoadingPage'
import { Failure } from '../../ui/StatePages'
import { Thread } from '../../ui/thread/Thread'
import { Banners } from './Banners'
import { Controls } from './Controls'
import classes from './LiveCall.module.css'
import { SayLine } from './SayLine'
import { StateBar } from './StateBar'

export function LiveCall({ call }: { call: Call }) {
  const me = useMe()
  const seat = useSeat()
  const query = useConversation(call.conversation_id)
  const ephemeral = useEphemeral(call.conversation_id)
  const calls = useActiveCalls().data ?? []
  const present = presentCall(calls, me.id, seat)
  const wide = useMediaQuery('(min-width: 48em)', true)
  const [more, setMore] = useState(false)
  const mine = isMine(call, me.id)
  const types = mine && voiceOf(call).agent_voice !== 'on'
  return (
    <>
      <Banners call={call} />
      {query.data ? (
        <Thread messages={query.data.messages} ephemeral={ephemeral} />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <LoadingPage />
      )}
      <footer className={classes.foot}>
        {types && <SayLine conversationId={call.conversation_id} />}
        <StateBar call={call} speaking={ephemeral.speaking} />
        {present?.id === call.id || wide || more ? (
          <Controls call={call} />
        ) : (
          <Button variant="default" fullWidth mt={8} className={classes.more ?? ''} onClick={() => setMore(true)}>
            {texts.desk.controls.more}
          </Button>
        )}
        <div className={classes.listen}>
          <ListenVerbs call={call} occupied={present !== null && present.id !== call.id} withTake={false} />
        </div>
      </footer>
    </>
  )
}
