// Who would rather be called back than wait: when, and the two things that settle it. Nothing is shown while nobody does.

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconClock, IconMessages, IconPhoneOutgoing } from '@tabler/icons-react'
import { useCallbackDone, useCallbacks, usePlaceCall } from '../../api/callbacks'
import type { Callback } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { whyNot } from '../../ui/calls/useTakeCall'
import { LinkIcon } from '../../ui/links'
import { useSecond } from '../../ui/useNow'
import classes from './Callbacks.module.css'
import pageClasses from './CallsPage.module.css'
import { callbackWindow, overdue } from './callbackTimes'

const t = texts.callbacks

export function Callbacks() {
  const items = useCallbacks().data ?? []
  if (items.length === 0) return null
  return (
    <section aria-label={t.title}>
      <h2 className={pageClasses.label}>
        {t.title} <span className={pageClasses.number}>{items.length}</span>
      </h2>
      <ul className={classes.rows}>
        {items.map(item => (
          <CallbackRow key={item.id} callback={item} />
        ))}
      </ul>
    </section>
  )
}

function CallbackRow({ callback }: { callback: Callback }) {
  const now = useSecond()
  const mayCall = useMay('place_call')
  const seesThread = useMay('see_conversations')
  const done = useCallbackDone(callback.id)
  const place = usePlaceCall(callback)
  const late = overdue(callback, now)
  const problem = done.error ?? place.error
  const Icon = late ? IconAlertTriangle : IconClock
  return (
    <li className={classes.row} data-late={late}>
      <div className={classes.who}>
        <strong className="clip">{callback.person.name ?? callback.number}</strong>
        {callback.person.name && <span className={`${classes.sub} tabular`}>{callback.number}</span>}
        <span className={`${classes.when} tabular`}>
          <Icon size={14} stroke={2} aria-hidden />
          {late && <b>{t.late}</b>} {callbackWindow(callback, now)}
        </span>
      </div>
      {seesThread && (
        <LinkIcon
          to="/c/$id"
          params={{ id: callback.conversation_id }}
          variant="subtle"
          color="gray"
          size={44}
          aria-label={texts.calls.openConversation}
          title={texts.calls.openConversation}
        >
          <IconMessages size={19} />
        </LinkIcon>
      )}
      <div className={classes.buttons}>
        {mayCall && (
          <Button
            className={classes.button ?? ''}
            leftSection={<IconPhoneOutgoing size={17} />}
            title={t.callHelp}
            loading={place.isPending}
            onClick={() => place.mutate()}
          >
            {t.call}
          </Button>
        )}
        <Button
          className={classes.button ?? ''}
          variant="default"
          leftSection={<IconCheck size={17} />}
          title={t.doneHelp}
          loading={done.isPending}
          onClick={() => done.mutate()}
        >
          {t.done}
        </Button>
      </div>
      {place.isSuccess && !problem && (
        <p className={classes.note} role="status">
          {t.calling}
        </p>
      )}
      {problem && (
        <p className={classes.error} role="alert">
          {whyNot(problem)}
        </p>
      )}
    </li>
  )
}
