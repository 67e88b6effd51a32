// One message to somebody who expects it.

import { Button, TextInput } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { type Channel, useTestChannel } from '../../api/channels'
import { useMay } from '../../api/session'
import { setup } from '../../texts/setup'
import { explain } from '../../ui/StatePages'
import classes from './Channels.module.css'

const t = setup.channels

export function SendTest({ channel }: { channel: Channel }) {
  const may = useMay('manual_mode')
  const [to, setTo] = useState('')
  const test = useTestChannel(channel.name, channel.account)
  if (!may) return null
  if (!channel.testable) return <p className={classes.soft}>{t.untestable}</p>
  return (
    <form
      className={classes.test}
      onSubmit={event => {
        event.preventDefault()
        test.mutate(to.trim())
      }}
    >
      <TextInput
        label={t.test}
        description={t.testHelp}
        placeholder={channel.name === 'email' ? t.toMail : t.toNumber}
        inputMode={channel.name === 'email' ? 'email' : 'tel'}
        value={to}
        maxLength={120}
        autoComplete="off"
        className={classes.to ?? ''}
        onChange={event => {
          setTo(event.currentTarget.value)
          if (test.isSuccess || test.isError) test.reset()
        }}
      />
      <Button
        type="submit"
        mih={44}
        leftSection={<IconSend size={16} />}
        disabled={to.trim().length < 3}
        loading={test.isPending}
      >
        {t.send}
      </Button>
      <span className={classes.answer} data-bad={test.isError} role="status">
        {test.isSuccess ? t.sent : test.error ? explain(test.error) : ''}
      </span>
    </form>
  )
}
