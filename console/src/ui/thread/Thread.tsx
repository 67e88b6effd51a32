// The thread of a conversation: everything said on every channel, in order, kept at its end unless one is reading above.

import { Button } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { type ReactNode, useEffect, useMemo } from 'react'
import type { Ephemeral } from '../../api/merge'
import type { Attachment, Message } from '../../api/schema'
import { texts } from '../../texts'
import { toldEvent } from '../../texts/told'
import { Attachments } from '../attachments/Attachments'
import { clock, dayName } from '../format'
import { TypingDots } from '../TypingDots'
import { useMinute } from '../useNow'
import { Bubble, MessageBubble, toneWord } from './Bubble'
import { comingWords, entries, toneOf } from './entries'
import classes from './Thread.module.css'
import { useAnnounce } from './useAnnounce'
import { useStickToEnd } from './useStickToEnd'

type Props = {
  messages: readonly Message[]
  ephemeral: Ephemeral
  onUse?: ((message: Message) => void) | undefined
  fileExtra?: ((file: Attachment) => ReactNode) | undefined
  onRetry?: ((message: Message) => void) | undefined
  /** What comes after the last message: the outbox. */
  children?: ReactNode
  /** Grows when the writer adds something, so that the end comes into view. */
  sent?: number
}

export function Thread({ messages, ephemeral, onUse, fileExtra, onRetry, children, sent = 0 }: Props) {
  const now = useMinute()
  const drawn = useMemo(() => entries(messages), [messages])
  const { box, onScroll, atEnd, toEnd } = useStickToEnd()
  const last = messages[messages.length - 1]
  const { announcement } = useAnnounce(last, message =>
    texts.thread.newFrom(toneWord(toneOf(message)), message.text || texts.attachments.file),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what one has just sent always comes into view
  useEffect(() => toEnd(), [sent, toEnd])
  const partials = comingWords(ephemeral.partials, messages)
  return (
    <div className={classes.outer}>
      <div
        ref={box}
        onScroll={onScroll}
        className={classes.scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the thread scrolls, so the keyboard must reach it
        tabIndex={0}
        role="log"
        aria-label={texts.thread.label}
        aria-live="off"
      >
        <div className={classes.column}>
          {drawn.length === 0 && <p className={classes.none}>{texts.thread.empty}</p>}
          {drawn.map(entry =>
            entry.type === 'day' ? (
              <div key={entry.key} className={classes.day}>
                <span>{dayName(entry.at, now)}</span>
              </div>
            ) : entry.type === 'event' ? (
              <EventLine key={entry.key} message={entry.message} />
            ) : (
              <MessageBubble
                key={entry.key}
                message={entry.message}
                first={entry.first}
                last={entry.last}
                onUse={onUse}
                fileExtra={fileExtra}
                onRetry={onRetry}
              />
            ),
          )}
          {partials.map(([author, text]) => (
            <Bubble key={author} tone={author} text={`${text} …`} foot={texts.thread.speaking} faint />
          ))}
          {(ephemeral.botTyping || ephemeral.customerTyping) && (
            <div className={classes.typing} data-author={ephemeral.customerTyping ? 'customer' : 'bot'}>
              <TypingDots label={ephemeral.customerTyping ? texts.thread.customerTyping : texts.thread.typing} />
            </div>
          )}
          {children}
        </div>
      </div>
      <div className="visually-hidden" aria-live="polite">
        {announcement}
      </div>
      {!atEnd && (
        <Button
          className={classes.below ?? ''}
          size="compact-md"
          radius="xl"
          variant="default"
          leftSection={<IconArrowDown size={16} />}
          onClick={toEnd}
        >
          {texts.thread.newBelow}
        </Button>
      )}
    </div>
  )
}

function EventLine({ message }: { message: Message }) {
  return (
    <div className={classes.event}>
      {toldEvent(message).trim()} <time dateTime={message.at}>{clock(message.at)}</time>
      {message.attachments && message.attachments.length > 0 && <Attachments files={message.attachments} />}
    </div>
  )
}
