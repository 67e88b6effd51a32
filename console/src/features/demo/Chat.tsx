// The visitor's chat, drawn like the one on a phone.

import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconHeadset, IconRefresh, IconSend2, IconSparkles } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { es } from '../../texts/es'
import { FilePicker } from '../../ui/attachments/FilePicker'
import { refusal } from '../../ui/attachments/refusal'
import { LoadingPage } from '../../ui/LoadingPage'
import { TypingDots } from '../../ui/TypingDots'
import { useStickToEnd } from '../../ui/thread/useStickToEnd'
import classes from './Chat.module.css'
import { ChatLine } from './ChatLine'
import { attendedBy, quickReplies } from './chat'
import type { useChat } from './useChat'

const t = es.demo.chat

export function Chat({ chat }: { chat: ReturnType<typeof useChat> }) {
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<string | null>(null)
  const { box, onScroll, toEnd } = useStickToEnd()
  const { items, phase } = chat
  const person = attendedBy(items) === 'agent'
  const say = (words: string) => {
    chat.send(words)
    requestAnimationFrame(toEnd)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!text.trim()) return
    say(text)
    setText('')
  }
  const attach = (file: File | undefined) => {
    if (!file) return
    const trouble = refusal(file, { tooBig: t.tooBig, type: t.notAllowed })
    setWrong(trouble)
    if (trouble) return
    chat.attach(file)
    requestAnimationFrame(toEnd)
  }
  const typing = chat.typing && !person
  const quick = chat.typing ? [] : quickReplies(items)
  return (
    <section className={classes.chat} aria-label={t.label}>
      <header className={classes.head} data-person={person}>
        <span className={classes.face}>
          {person ? (
            <IconHeadset size={21} stroke={1.7} aria-hidden />
          ) : (
            <IconSparkles size={21} stroke={1.7} aria-hidden />
          )}
        </span>
        <div className={classes.who}>
          <strong>{es.demo.hotel}</strong>
          <span aria-live="polite">{person ? es.demo.person : es.demo.assistant}</span>
        </div>
        <ActionIcon
          variant="transparent"
          className={classes.restart ?? ''}
          size={44}
          aria-label={t.restart}
          title={t.restart}
          onClick={chat.restart}
        >
          <IconRefresh size={19} stroke={1.8} />
        </ActionIcon>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className={classes.scroll} ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label={t.label}>
        <div className={classes.lines}>
          {phase === 'starting' && items.length === 0 && <LoadingPage />}
          {phase === 'failed' && (
            <div className={classes.trouble} role="alert">
              <p>{t.unreachable}</p>
              <Button variant="default" onClick={chat.again}>
                {t.retry}
              </Button>
            </div>
          )}
          {items.map((item, at) => (
            <ChatLine
              key={item.key}
              item={item}
              session={chat.session}
              first={items[at - 1]?.author !== item.author}
              onRetry={chat.retry}
            />
          ))}
          {typing && (
            <div className={classes.typing}>
              <TypingDots label={t.typing} />
            </div>
          )}
        </div>
      </div>
      <div className={classes.quick}>
        {quick.length > 0 && (
          <div className={classes.replies}>
            {quick.map(button => (
              <button key={button} type="button" className={classes.reply} onClick={() => say(button)}>
                {button}
              </button>
            ))}
          </div>
        )}
        {!person && phase === 'ready' && !quick.includes(t.askPerson) && (
          <button type="button" className={classes.person} onClick={() => say(t.askPersonSays)}>
            <IconHeadset size={15} stroke={1.9} aria-hidden /> {t.askPerson}
          </button>
        )}
      </div>
      {wrong && (
        <p className={classes.wrong} role="alert">
          {wrong}
        </p>
      )}
      <form className={classes.form} onSubmit={submit}>
        <FilePicker label={t.attach} size={44} disabled={phase !== 'ready'} onFile={attach} />
        <TextInput
          className={classes.field ?? ''}
          radius="xl"
          size="md"
          aria-label={t.placeholder}
          placeholder={t.placeholder}
          maxLength={2000}
          autoComplete="off"
          enterKeyHint="send"
          disabled={phase !== 'ready'}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
        <ActionIcon
          type="submit"
          size={44}
          radius="xl"
          aria-label={t.send}
          disabled={phase !== 'ready' || !text.trim()}
        >
          <IconSend2 size={20} stroke={1.8} />
        </ActionIcon>
      </form>
    </section>
  )
}
