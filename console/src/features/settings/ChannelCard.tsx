// One channel: how it is, what to do next, and below how it is connected.

import { Badge } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import type { Channel, ChannelSetup, Finding } from '../../api/channels'
import { texts } from '../../texts'
import { setup } from '../../texts/setup'
import { shortWhen } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { Facts, Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Channels.module.css'
import { Connection } from './Connection'
import { Note } from './parts'
import { SendTest } from './SendTest'

const t = setup.channels
const COLORS = { ok: 'green', warning: 'yellow', down: 'red' } as const
const ELSEWHERE: Record<string, string> = { mail_quarantine: 'cuarentena' }

export function ChannelCard({ channel, setup: made }: { channel: Channel | null; setup: ChannelSetup | undefined }) {
  const now = useMinute()
  const name = channel?.name ?? made?.name ?? ''
  const when = (at: string | null) => (at ? shortWhen(at, now) : texts.house.channels.never)
  const limits = name.startsWith('whatsapp') ? t.whatsappLimits : name === 'email' ? t.mailLimits : []
  return (
    <Section
      title={channel?.title || t.names[name] || name}
      aside={
        channel ? (
          <Badge variant="light" tt="none" color={COLORS[channel.state]}>
            {texts.house.channels.states[channel.state]}
          </Badge>
        ) : (
          <Badge variant="light" tt="none" color={made?.on ? 'green' : 'gray'}>
            {made?.on ? t.configured : t.off}
          </Badge>
        )
      }
    >
      <div className={classes.card}>
        {channel && (
          <>
            <ul className={classes.findings}>
              {channel.findings.map(each => (
                <FindingLine key={each.code} finding={each} />
              ))}
              {channel.findings.length === 0 && (
                <li>
                  <IconCircleCheck size={17} aria-hidden />
                  <span>{channel.name === 'webchat' ? t.noChecks : channel.checked_at ? t.well : t.neverChecked}</span>
                </li>
              )}
            </ul>
            <Facts
              items={[
                ...(channel.account ? [[t.account, channel.account] as [string, string]] : []),
                [t.lastIn, when(channel.last_in)],
                [t.lastOut, when(channel.last_out)],
                ...(channel.checked_at ? [[t.checked, when(channel.checked_at)] as [string, string]] : []),
                ...(channel.refused > 0
                  ? [[t.refused, `${channel.refused} ${t.refusedHelp}`] as [string, string]]
                  : []),
                ...(channel.last_error
                  ? [[t.problem, `${channel.last_error.text} (${when(channel.last_error.at)})`] as [string, string]]
                  : []),
              ]}
            />
            <SendTest channel={channel} />
          </>
        )}
        {!channel && !made?.on && <Note>{t.offHelp}</Note>}
        {made && <Connection setup={made} open={!channel} />}
        {channel && limits.length > 0 && (
          <details className={classes.more}>
            <summary>{t.limits}</summary>
            <ul className={classes.limits}>
              {limits.map(limit => (
                <li key={limit}>{limit}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </Section>
  )
}

function FindingLine({ finding }: { finding: Finding }) {
  const Icon = finding.ok ? IconCircleCheck : finding.severe ? IconCircleX : IconAlertTriangle
  const elsewhere = finding.ok ? undefined : ELSEWHERE[finding.code]
  return (
    <li data-state={finding.ok ? 'ok' : finding.severe ? 'down' : 'warning'}>
      <Icon size={17} aria-hidden />
      <span>
        {finding.text}
        {elsewhere && (
          <LinkButton to="/ajustes" search={{ ver: elsewhere }} variant="subtle" size="compact-sm">
            {t.next[finding.code]}
          </LinkButton>
        )}
      </span>
    </li>
  )
}
