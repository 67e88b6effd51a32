// For who holds a call without a voice of their own: what is written here the assistant says, or one gets a voice.

import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconHeadphones, IconSend2 } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useOutbox } from '../../api/outbox'
import { texts } from '../../texts'
import { useVoice, useVoiceView } from '../../ui/voice/voice-context'
import classes from './LiveCall.module.css'

export function SayLine({ conversationId }: { conversationId: string }) {
  const voice = useVoice()
  const on = useVoiceView().state.name === 'on'
  const outbox = useOutbox(conversationId)
  const [text, setText] = useState('')
  const failed = outbox.items.find(item => item.state === 'failed' && item.kind === 'text')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!text.trim()) return
    void outbox.send('text', text)
    setText('')
  }
  return (
    <form onSubmit={submit} className={classes.say}>
      <TextInput
        className={classes.sayField ?? ''}
        size="md"
        aria-label={texts.desk.typing.label}
        placeholder={texts.desk.typing.placeholder}
        maxLength={1_000}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <ActionIcon type="submit" size={42} radius="md" disabled={!text.trim()} aria-label={texts.desk.typing.send}>
        <IconSend2 size={20} stroke={1.8} />
      </ActionIcon>
      {!on && (
        <Button
          variant="light"
          fullWidth
          className={classes.more ?? ''}
          leftSection={<IconHeadphones size={17} />}
          onClick={() => voice.turnOn()}
        >
          {texts.desk.typing.speak}
        </Button>
      )}
      {failed && (
        <p className={classes.sayFailed} role="alert">
          <IconAlertTriangle size={16} aria-hidden /> {failed.error || texts.thread.failed}
          <button type="button" className={classes.retry} onClick={() => void outbox.retry(failed)}>
            {texts.common.retry}
          </button>
        </p>
      )}
    </form>
  )
}
