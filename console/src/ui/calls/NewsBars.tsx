// What cannot wait, on whatever page one is: a call that rings, and a call that was lost with one's voice.

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconPhone, IconPhoneOff } from '@tabler/icons-react'
import { ringFor } from '../../api/callState'
import type { Call } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { useShortcutNames, withShortcut } from '../commands/keymap'
import { personName } from '../people'
import classes from './CallBar.module.css'
import { useAnswer } from './useAnswer'
import { useRetake } from './useRetake'

export function RingBar({ call, onAnswered }: { call: Call; onAnswered: () => void }) {
  const key = useShortcutNames()
  const me = useMe()
  const answer = useAnswer(call)
  const ring = ringFor(call, me.id)
  const from = ring?.from?.name ?? texts.desk.someone
  const words = ring?.kind === 'consult' ? texts.desk.consultFrom(from) : texts.desk.transferFrom(from)
  return (
    <section className={classes.bar} data-news="ring" role="alert" aria-label={texts.desk.sections.ringing}>
      <div className={classes.who}>
        <strong className="clip">{personName(call.person, 'call')}</strong>
        <span className={`${classes.state} clip`}>{answer.error ?? words}</span>
      </div>
      <Button
        color="var(--ok-solid)"
        className={classes.answer ?? ''}
        leftSection={<IconPhone size={18} />}
        title={withShortcut(texts.desk.answer, key('answer'))}
        aria-keyshortcuts={key('answer')}
        loading={answer.busy}
        onClick={() => answer.answer(true, onAnswered)}
      >
        {texts.desk.answer}
      </Button>
      <Button
        variant="default"
        className={classes.answer ?? ''}
        leftSection={<IconPhoneOff size={18} />}
        onClick={() => answer.answer(false)}
      >
        {texts.desk.reject}
      </Button>
    </section>
  )
}

export function LostBar({ call }: { call: Call }) {
  const retake = useRetake(call)
  return (
    <section className={classes.bar} data-news="lost" role="alert" aria-label={texts.desk.lost.retake}>
      <IconAlertTriangle size={20} aria-hidden />
      <div className={classes.who}>
        <strong>{call.control === 'queued' ? texts.desk.lost.queued : texts.desk.lost.title}</strong>
        <span className={`${classes.state} clip`}>{retake.error ?? personName(call.person, 'call')}</span>
      </div>
      <Button color="red.8" className={classes.answer ?? ''} loading={retake.busy} onClick={retake.retake}>
        {texts.desk.lost.retake}
      </Button>
      <Button variant="default" className={classes.answer ?? ''} onClick={retake.letGo}>
        {texts.common.close}
      </Button>
    </section>
  )
}
