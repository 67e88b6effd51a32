// A live call as the supervisor sees it.

import { IconArrowUpRight, IconEar, IconLifebuoy } from '@tabler/icons-react'
import { voiceOf } from '../../api/callState'
import type { Call } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { ControlChip } from '../../ui/ControlChip'
import { CallTimer } from '../../ui/calls/CallTimer'
import { ListenVerbs } from '../../ui/calls/ListenVerbs'
import { alsoPresent, callSource, heard } from '../../ui/calls/words'
import { LinkIcon } from '../../ui/links'
import { personName } from '../../ui/people'
import classes from './RoomPage.module.css'

export function RoomCallCard({ call, occupied }: { call: Call; occupied: boolean }) {
  const me = useMe()
  const { help } = voiceOf(call)
  const present = alsoPresent(call, me.id)
  return (
    <article className={classes.card} data-help={help !== null} data-queued={call.control === 'queued'}>
      {help && (
        <div className={classes.help} role="alert">
          <IconLifebuoy size={18} aria-hidden />
          <span>
            <strong>{texts.room.helpTitle(help.by.name ?? texts.desk.someone)}</strong> {help.note}
          </span>
        </div>
      )}
      <div className={classes.top}>
        <div className={classes.who}>
          <h2 className={`${classes.name} clip`}>{personName(call.person, 'call')}</h2>
          <span className={`${classes.sub} clip`}>{callSource(call)}</span>
        </div>
        <CallTimer call={call} />
        <LinkIcon
          to="/llamadas"
          search={{ llamada: call.id }}
          variant="default"
          size={40}
          aria-label={texts.desk.bar.open}
          title={texts.desk.bar.open}
        >
          <IconArrowUpRight size={19} />
        </LinkIcon>
      </div>
      <div className={classes.now}>
        <ControlChip control={call.control} agent={call.agent} meId={me.id} />
        <span>{heard(call, me.id).title}</span>
      </div>
      {present && (
        <p className={classes.present}>
          <IconEar size={15} aria-hidden /> {texts.desk.present(present)}
        </p>
      )}
      <ListenVerbs call={call} occupied={occupied} withTake />
    </article>
  )
}
