// How every channel is doing, what its carrier says of it, and one message to try it.

import { Badge, Button, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { type Channel, useAskCarriers, useChannels, useTestChannel } from '../../api/channels'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { channelName } from '../../ui/ChannelAvatar'
import { shortWhen } from '../../ui/format'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './Channels.module.css'

const t = texts.house.channels
const COLORS = { ok: 'green', warning: 'yellow', down: 'red' } as const

export function Channels() {
  const query = useChannels()
  const ask = useAskCarriers()
  const refresh = (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconRefresh size={15} />}
      loading={ask.isPending}
      onClick={() => ask.mutate()}
    >
      {t.ask}
    </Button>
  )
  return (
    <Section title={t.title} aside={query.data?.length ? refresh : undefined} query={query}>
      {query.data?.length === 0 && <p className={classes.none}>{t.none}</p>}
      <ul className={classes.list}>
        {query.data?.map(each => (
          <One key={`${each.name} ${each.account}`} channel={each} />
        ))}
      </ul>
    </Section>
  )
}

function One({ channel }: { channel: Channel }) {
  const now = useMinute()
  const trouble = channel.findings.filter(each => !each.ok)
  const when = (at: string | null) => (at ? shortWhen(at, now) : t.never)
  return (
    <li className={classes.channel}>
      <div className={classes.head}>
        <strong className="clip">{channel.title || channelName(channel.name)}</strong>
        <Badge variant="light" tt="none" color={COLORS[channel.state]}>
          {t.states[channel.state]}
        </Badge>
      </div>
      <span className={classes.when}>
        {t.lastIn} {when(channel.last_in)} · {t.lastOut} {when(channel.last_out)}
      </span>
      {channel.last_error && (
        <span className={classes.finding}>
          <IconAlertTriangle size={15} aria-hidden /> {channel.last_error.text} ({when(channel.last_error.at)})
        </span>
      )}
      {channel.refused > 0 && <span className={classes.when}>{t.refused(channel.refused)}</span>}
      {trouble.map(each => (
        <span key={each.code} className={classes.finding} data-severe={each.severe}>
          {each.severe ? <IconCircleX size={15} aria-hidden /> : <IconAlertTriangle size={15} aria-hidden />}
          {each.text}
        </span>
      ))}
      {trouble.length === 0 && channel.checked_at && (
        <span className={classes.when}>
          <IconCircleCheck size={15} aria-hidden /> {t.checked(when(channel.checked_at))}
        </span>
      )}
      {channel.testable && <Try channel={channel} />}
    </li>
  )
}

function Try({ channel }: { channel: Channel }) {
  const may = useMay('take_from_colleague')
  const [open, setOpen] = useState(false)
  const [to, setTo] = useState('')
  const test = useTestChannel(channel.name, channel.account)
  if (!may) return null
  if (!open) {
    return (
      <Button size="compact-sm" variant="subtle" onClick={() => setOpen(true)}>
        {t.test}
      </Button>
    )
  }
  return (
    <form
      className={classes.test}
      onSubmit={event => {
        event.preventDefault()
        test.mutate(to.trim())
      }}
    >
      <TextInput
        aria-label={t.to}
        placeholder={t.to}
        value={to}
        maxLength={120}
        onChange={event => setTo(event.currentTarget.value)}
      />
      <Button type="submit" disabled={to.trim() === ''} loading={test.isPending}>
        {t.send}
      </Button>
      <span className={classes.when} role="status">
        {test.isSuccess ? t.sent : test.error ? explain(test.error) : ''}
      </span>
    </form>
  )
}
