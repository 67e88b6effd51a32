// A call that rings for this person: answer or turn down.

import { Button } from '@mantine/core'
import { IconPhone, IconPhoneOff } from '@tabler/icons-react'
import { ringFor } from '../../api/callState'
import type { Call } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { useAnswer } from '../../ui/calls/useAnswer'
import { callSource } from '../../ui/calls/words'
import { useShortcutNames, withShortcut } from '../../ui/commands/keymap'
import { personName } from '../../ui/people'
import classes from './Cards.module.css'

export function RingCard({ call, onAnswered }: { call: Call; onAnswered: () => void }) {
  const key = useShortcutNames()
  const me = useMe()
  const answer = useAnswer(call)
  const ring = ringFor(call, me.id)
  const name = ring?.from?.name ?? texts.desk.someone
  return (
    <article className={classes.ring}>
      <div className={classes.main}>
        <strong className={`${classes.name} clip`}>{personName(call.person, 'call')}</strong>
        <span className={classes.ringWho}>
          {ring?.kind === 'consult' ? texts.desk.consultFrom(name) : texts.desk.transferFrom(name)}
        </span>
        <span className={`${classes.ringWho} clip`}>{callSource(call)}</span>
      </div>
      <div className={classes.ringButtons}>
        <Button
          color="var(--ok-solid)"
          className={classes.big ?? ''}
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
          className={classes.big ?? ''}
          leftSection={<IconPhoneOff size={18} />}
          onClick={() => answer.answer(false)}
        >
          {texts.desk.reject}
        </Button>
      </div>
      {answer.error && (
        <p className={classes.error} role="alert">
          {answer.error}
        </p>
      )}
    </article>
  )
}
