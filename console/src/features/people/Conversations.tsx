// Every conversation with one customer, by channel, the latest first.

import { Link } from '@tanstack/react-router'
import { lastActivity } from '../../api/merge'
import type { Conversation } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { ChannelIcon, channelName } from '../../ui/ChannelAvatar'
import { ControlChip } from '../../ui/ControlChip'
import { shortWhen } from '../../ui/format'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './CustomerPage.module.css'
import { byChannel } from './customer'
import lines from './Lines.module.css'

const t = texts.people

export function Conversations({ conversations }: { conversations: Conversation[] }) {
  return (
    <Section title={t.conversations}>
      {conversations.length === 0 && <p className={lines.none}>{t.noConversations}</p>}
      {byChannel(conversations).map(group => (
        <section key={group.channel} className={classes.group} aria-label={channelName(group.channel)}>
          <h3 className={classes.channel}>
            <ChannelIcon channel={group.channel} /> {channelName(group.channel)}
            <span className="tabular">{group.items.length}</span>
          </h3>
          <ul className={lines.list}>
            {group.items.map(item => (
              <One key={item.id} conversation={item} />
            ))}
          </ul>
        </section>
      ))}
    </Section>
  )
}

function One({ conversation }: { conversation: Conversation }) {
  const now = useMinute()
  const me = useMe()
  const at = lastActivity(conversation)
  return (
    <li>
      <Link to="/c/$id" params={{ id: conversation.id }} className={classes.talk}>
        <span className={`${classes.last} clip`}>{conversation.last_message?.text ?? texts.inbox.noMessages}</span>
        <time className={lines.when} dateTime={at}>
          {shortWhen(at, now)}
        </time>
        <span className={classes.holder}>
          <ControlChip control={conversation.control} agent={conversation.agent} meId={me.id} />
        </span>
      </Link>
    </li>
  )
}
