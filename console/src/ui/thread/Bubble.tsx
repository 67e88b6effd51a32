// One thing said. The author shows by side, colour, icon and word together.

import { Button } from '@mantine/core'
import {
  IconBook2,
  IconBuildingSkyscraper,
  IconCheck,
  IconChecks,
  IconClock,
  IconCornerDownLeft,
  IconHeadset,
  IconLock,
  IconMicrophone,
  IconPlayerStop,
  IconSparkles,
  IconUser,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Attachment, Delivery, Message, VoiceNote } from '../../api/schema'
import { texts } from '../../texts'
import { Attachments } from '../attachments/Attachments'
import { clock } from '../format'
import classes from './Bubble.module.css'
import { type Tone, toneOf } from './entries'
import { MailParts } from './MailParts'

const t = texts.thread

const ICONS = {
  customer: IconUser,
  bot: IconSparkles,
  agent: IconHeadset,
  house: IconBuildingSkyscraper,
  note: IconLock,
  suggestion: IconSparkles,
}

export function toneWord(tone: Tone): string {
  return texts.thread[tone]
}

type BubbleProps = {
  tone: Tone
  first?: boolean
  last?: boolean
  name?: string | null
  text: string
  foot?: ReactNode
  children?: ReactNode
  faint?: boolean
}

export function Bubble({ tone, first = true, last = true, name, text, foot, children, faint }: BubbleProps) {
  const Icon = ICONS[tone]
  return (
    <div className={classes.row} data-tone={tone} data-first={first} data-last={last} data-faint={faint}>
      <div className={classes.bubble}>
        {first && (
          <div className={classes.author}>
            <Icon size={14} stroke={1.9} aria-hidden />
            {toneWord(tone)}
            {name ? <span className={classes.name}>· {name}</span> : null}
          </div>
        )}
        {text && <div className={classes.text}>{text}</div>}
        {children}
      </div>
      {foot && <div className={classes.foot}>{foot}</div>}
    </div>
  )
}

const DELIVERY: Record<Delivery, { icon: typeof IconCheck; word: string } | null> = {
  pending: { icon: IconClock, word: texts.thread.pending },
  sent: { icon: IconCheck, word: texts.thread.sent },
  delivered: { icon: IconChecks, word: texts.thread.delivered },
  read: { icon: IconChecks, word: texts.thread.read },
  failed: null,
}

type Props = {
  message: Message
  first: boolean
  last: boolean
  onUse?: ((message: Message) => void) | undefined
  /** What can be done with a file that the customer sent. */
  fileExtra?: ((file: Attachment) => ReactNode) | undefined
  /** Hands a message that did not arrive to its carrier once more. */
  onRetry?: ((message: Message) => void) | undefined
}

export function MessageBubble({ message, first, last, onUse, fileExtra, onRetry }: Props) {
  const tone = toneOf(message)
  const cut = message.meta.heard === false
  return (
    <Bubble
      tone={tone}
      first={first}
      last={last}
      name={tone === 'agent' || tone === 'note' ? message.author_name : null}
      text={message.text}
      foot={last || message.delivery === 'failed' ? <Foot message={message} cut={cut} onRetry={onRetry} /> : undefined}
    >
      {message.attachments && message.attachments.length > 0 && (
        <Attachments files={message.attachments} extra={message.author === 'customer' ? fileExtra : undefined} />
      )}
      {message.meta.mail && <MailParts messageId={message.id} mail={message.meta.mail} />}
      {message.meta.voice && <Heard message={message} voice={message.meta.voice} />}
      {message.buttons.length > 0 && (
        <ul className={classes.buttons} aria-label={texts.thread.options}>
          {message.buttons.map(button => (
            <li key={button}>{button}</li>
          ))}
        </ul>
      )}
      {message.meta.topics && message.meta.topics.length > 0 && (
        <div className={classes.heard}>
          <IconBook2 size={13} aria-hidden /> {t.from(message.meta.topics.map(each => topicName(each.key)).join(', '))}
        </div>
      )}
      {message.kind === 'suggestion' && (
        <div className={classes.suggestion}>
          <span>{texts.thread.suggestionHelp}</span>
          {onUse && (
            <Button
              className={classes.use ?? ''}
              size="xs"
              variant="default"
              leftSection={<IconCornerDownLeft size={14} />}
              onClick={() => onUse(message)}
            >
              {texts.thread.use}
            </Button>
          )}
        </div>
      )}
    </Bubble>
  )
}

function topicName(key: string): string {
  return key.replaceAll('_', ' ')
}

/** What a voice note's words are worth. */
function Heard({ message, voice }: { message: Message; voice: VoiceNote }) {
  const own = message.author !== 'customer'
  const lost = !own && !message.text && !voice.text
  const word = own ? t.spokenAnswer : lost ? t.noTranscript : voice.low ? t.transcriptLow : t.transcript
  return (
    <div className={classes.heard} data-low={!own && (lost || voice.low === true)}>
      <IconMicrophone size={13} aria-hidden /> {word}
      {voice.text && <span className={classes.transcript}>{voice.text}</span>}
    </div>
  )
}

type FootProps = { message: Message; cut: boolean; onRetry: ((message: Message) => void) | undefined }

function Foot({ message, cut, onRetry }: FootProps) {
  const state = message.delivery && message.author !== 'customer' ? DELIVERY[message.delivery] : null
  const Icon = state?.icon
  return (
    <>
      <time dateTime={message.at}>{clock(message.at)}</time>
      {cut && (
        <span className={classes.cut} title={texts.thread.cutHelp}>
          <IconPlayerStop size={13} aria-hidden /> {texts.thread.cut}
        </span>
      )}
      {Icon && (
        <span className={classes.delivery} data-state={message.delivery}>
          <Icon size={14} aria-hidden />
          <span className="visually-hidden">{state?.word}</span>
        </span>
      )}
      {message.delivery === 'failed' && (
        <span className={classes.failed} role="alert">
          {message.error ?? texts.thread.failed}
          {onRetry && (
            <Button
              className={classes.retry ?? ''}
              size="compact-xs"
              variant="default"
              onClick={() => onRetry(message)}
            >
              {texts.thread.retry}
            </Button>
          )}
        </span>
      )}
    </>
  )
}
