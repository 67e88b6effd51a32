import { IconAlertTriangle, IconHeadset } from '@tabler/icons-react'
import type { Credentials } from '../../api/webchat'
import { es } from '../../texts/es'
import { clock } from '../../ui/format'
import classes from './Chat.module.css'
import { ChatFiles, FileName } from './ChatFile'
import type { ChatItem } from './chat'

type Props = { item: ChatItem; session: Credentials | null; first: boolean; onRetry: (item: ChatItem) => void }

export function ChatLine({ item, session, first, onRetry }: Props) {
  return (
    <div className={classes.line} data-author={item.author} data-first={first} data-state={item.state}>
      {first && item.author === 'agent' && (
        <span className={classes.author}>
          <IconHeadset size={13} aria-hidden /> {es.demo.chat.agent}
        </span>
      )}
      <div className={classes.bubble}>
        {item.text}
        {item.attachments.length > 0 && session ? (
          <ChatFiles files={item.attachments} session={session} />
        ) : (
          item.file && <FileName name={item.file.name} />
        )}
        <time className={classes.time}>{clock(item.at)}</time>
      </div>
      {item.state === 'failed' && (
        <button type="button" className={classes.failed} onClick={() => onRetry(item)}>
          <IconAlertTriangle size={14} aria-hidden /> {item.file ? es.demo.chat.fileFailed : es.demo.chat.failed}{' '}
          <u>{es.demo.chat.retry}</u>
        </button>
      )}
    </div>
  )
}
