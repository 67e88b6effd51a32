// One conversation of the list: who, by what channel, the last words, when, and who holds it.

import { IconFlame, IconHeadset, IconSparkles } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { topics } from '../../api/keys'
import { lastActivity } from '../../api/merge'
import type { Conversation } from '../../api/schema'
import { texts } from '../../texts'
import { BesideEye } from '../../ui/beside/Beside'
import { ChannelAvatar } from '../../ui/ChannelAvatar'
import { ControlChip } from '../../ui/ControlChip'
import { shortWhen } from '../../ui/format'
import { MoodChip } from '../../ui/MoodChip'
import { conversationName } from '../../ui/people'
import { SlaChip } from '../../ui/queues/SlaChip'
import { useMinute } from '../../ui/useNow'
import classes from './Card.module.css'

type Props = { conversation: Conversation; selected: boolean; meId: string }

export function ConversationCard({ conversation, selected, meId }: Props) {
  const now = useMinute()
  const last = conversation.last_message
  const unread = conversation.unread > 0 && ['queued', 'agent'].includes(conversation.control)
  return (
    <Link
      to="/c/$id"
      params={{ id: conversation.id }}
      className={classes.card}
      aria-current={selected ? 'true' : undefined}
      data-unread={unread}
    >
      <ChannelAvatar name={conversation.person.name} channel={conversation.channel} />
      <span className={classes.main}>
        <span className={classes.line}>
          <span className={`${classes.name} clip`}>{conversationName(conversation)}</span>
          <time className={classes.when} dateTime={lastActivity(conversation)}>
            {shortWhen(lastActivity(conversation), now)}
          </time>
        </span>
        <span className={classes.line}>
          <span className={`${classes.preview} clip`}>
            {last?.author === 'bot' && <IconSparkles size={13} stroke={1.8} aria-label={texts.thread.bot} />}
            {last?.author === 'agent' && <IconHeadset size={13} stroke={1.8} aria-label={texts.thread.agent} />}
            {last?.text ?? texts.inbox.noMessages}
          </span>
          {unread && (
            <span className={classes.unread} role="img" aria-label={texts.inbox.unread(conversation.unread)}>
              {conversation.unread > 9 ? '9+' : conversation.unread}
            </span>
          )}
        </span>
        <span className={classes.foot}>
          <ControlChip control={conversation.control} agent={conversation.agent} meId={meId} />
          <SlaChip conversationId={conversation.id} />
          {conversation.priority && conversation.priority !== 'normal' && (
            <span className={classes.priority} data-priority={conversation.priority}>
              <IconFlame size={13} stroke={2} aria-hidden /> {texts.priority[conversation.priority]}
            </span>
          )}
          <BesideEye thing={topics.conversation(conversation.id)} />
          <MoodChip mood={conversation.mood} />
        </span>
      </span>
    </Link>
  )
}
