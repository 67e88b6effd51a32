// Who one is talking with, by what channel, and what can be done to the conversation as a whole.

import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconArrowLeft, IconCheck, IconLayoutSidebarRight } from '@tabler/icons-react'
import { topics } from '../../api/keys'
import type { Conversation } from '../../api/schema'
import { texts } from '../../texts'
import { Beside } from '../../ui/beside/Beside'
import { ChannelAvatar, channelName } from '../../ui/ChannelAvatar'
import { useShortcutNames } from '../../ui/commands/keymap'
import { LinkIcon } from '../../ui/links'
import { conversationName, phoneOf } from '../../ui/people'
import { SlaChip } from '../../ui/queues/SlaChip'
import classes from './Header.module.css'

type Props = {
  conversation: Conversation
  mayResolve: boolean
  onResolve: () => void
  onPanel: () => void
}

export function Header({ conversation, mayResolve, onResolve, onPanel }: Props) {
  const key = useShortcutNames()
  const phone = conversation.person.name ? phoneOf(conversation.person) : null
  return (
    <header className={classes.header}>
      <LinkIcon
        to="/bandeja"
        className={classes.back ?? ''}
        variant="subtle"
        color="gray"
        size={44}
        aria-label={texts.common.back}
      >
        <IconArrowLeft size={22} />
      </LinkIcon>
      <span className={classes.avatar}>
        <ChannelAvatar name={conversation.person.name} channel={conversation.channel} />
      </span>
      <div className={classes.who}>
        <h2 className={`${classes.name} clip`}>{conversationName(conversation)}</h2>
        <span className={`${classes.sub} clip`}>
          {channelName(conversation.channel)}
          {phone ? ` · ${phone}` : ''}
        </span>
      </div>
      <Beside thing={topics.conversation(conversation.id)} />
      <SlaChip conversationId={conversation.id} />
      <div className={classes.actions}>
        {mayResolve && (
          <>
            <Button
              className={classes.wide ?? ''}
              variant="default"
              leftSection={<IconCheck size={16} />}
              onClick={onResolve}
              aria-keyshortcuts={key('resolve')}
            >
              {texts.control.resolve}
            </Button>
            <ActionIcon
              className={classes.narrow ?? ''}
              variant="subtle"
              color="gray"
              size={44}
              aria-label={texts.control.resolve}
              onClick={onResolve}
            >
              <IconCheck size={21} />
            </ActionIcon>
          </>
        )}
        <Tooltip label={texts.panel.open}>
          <ActionIcon
            className={classes.panel ?? ''}
            variant="subtle"
            color="gray"
            size={44}
            aria-label={texts.panel.open}
            onClick={onPanel}
          >
            <IconLayoutSidebarRight size={21} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  )
}
