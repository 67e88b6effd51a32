// Writing to the customer, which takes control, or a note to colleagues, which does not.

import { ActionIcon, Textarea } from '@mantine/core'
import { IconLock, IconSend2 } from '@tabler/icons-react'
import { type ClipboardEvent, type KeyboardEvent, type RefObject, useState } from 'react'
import { sayTyping } from '../../api/conversations'
import { useCanned } from '../../api/queues'
import type { CannedReply } from '../../api/schema.queues'
import { texts } from '../../texts'
import { FilePicker } from '../../ui/attachments/FilePicker'
import { refusal } from '../../ui/attachments/refusal'
import { useShortcutNames } from '../../ui/commands/keymap'
import type { DraftKind } from '../../ui/drafts'
import { CannedList, useMarked } from './CannedList'
import classes from './Composer.module.css'
import { filled, fitting, type Places, wanted } from './canned'

const MAX = 4_000

type Props = {
  conversationId: string
  kind: DraftKind
  onKind: (kind: DraftKind) => void
  mayReply: boolean
  mayNote: boolean
  locked: string
  spoken: boolean
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  onText: (text: string) => void
  onTyped: (kind: DraftKind) => void
  /** Stands before what is written: it is not sent by Enter. */
  held: boolean
  onHeld: () => void
  /** What the places of a canned reply are filled with. */
  places: Places
  onSend: (kind: DraftKind, text: string, file?: File) => void
}

export function Composer(props: Props) {
  const { kind, onKind, mayReply, mayNote, text, onText, onSend, field } = props
  const allowed = kind === 'note' ? mayNote : mayReply
  const [wrong, setWrong] = useState<string | null>(null)
  const tooLong = text.length > MAX
  const ready = allowed && text.trim() !== '' && !tooLong
  const [closed, setClosed] = useState('')
  const looked = kind === 'text' && allowed ? wanted(text) : null
  const replies = useCanned(looked !== null).data ?? []
  const canned = looked === null || closed === text ? [] : fitting(replies, looked)
  const [marked, mark] = useMarked(canned)
  const use = (reply: CannedReply | undefined) => {
    if (reply) onText(filled(reply.text, props.places))
    field.current?.focus()
  }
  const send = () => {
    if (!ready) return
    if (props.held) {
      props.onHeld()
      return
    }
    onSend(kind, text)
    onText('')
    field.current?.focus()
  }
  const sendFile = (file: File | undefined) => {
    if (!file || tooLong) return
    const trouble = refusal(file)
    setWrong(trouble)
    if (trouble) return
    onSend('text', text, file)
    onText('')
  }
  const attaches = kind === 'text' && mayReply && !props.spoken
  const onPaste = (event: ClipboardEvent) => {
    const file = [...event.clipboardData.files][0]
    if (!file || !attaches) return
    event.preventDefault()
    sendFile(file)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (canned.length > 0 && !event.altKey) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step || ['Enter', 'Tab', 'Escape'].includes(event.key)) {
        event.preventDefault()
        if (step) mark(step)
        else if (event.key === 'Escape') setClosed(text)
        else use(canned[marked])
        return
      }
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  const placeholder =
    kind === 'note'
      ? texts.composer.notePlaceholder
      : !mayReply
        ? props.locked
        : props.spoken
          ? texts.composer.placeholderCall
          : texts.composer.placeholder
  return (
    <div className={classes.composer} data-kind={kind} data-locked={!allowed}>
      <div className={classes.tabs} role="tablist" aria-label={texts.composer.tabs}>
        <Tab name="text" kind={kind} label={texts.composer.reply} onKind={onKind} />
        {mayNote && <Tab name="note" kind={kind} label={texts.composer.note} onKind={onKind} />}
        <span className={classes.hint}>
          {tooLong ? texts.composer.tooLong(MAX) : (wrong ?? (allowed ? texts.composer.hint : ''))}
        </span>
      </div>
      {canned.length > 0 && <CannedList items={canned} chosen={marked} onChoose={use} />}
      <div className={classes.row}>
        <Textarea
          ref={field}
          className={classes.field ?? ''}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={8}
          disabled={!allowed}
          aria-label={kind === 'note' ? texts.composer.note : texts.composer.reply}
          placeholder={placeholder}
          aria-controls={canned.length > 0 ? 'canned' : undefined}
          aria-activedescendant={canned.length > 0 ? `canned-${marked}` : undefined}
          leftSection={allowed ? undefined : <IconLock size={16} aria-hidden />}
          value={text}
          onChange={event => {
            onText(event.currentTarget.value)
            props.onTyped(kind)
            if (kind === 'text' && mayReply && !props.spoken) sayTyping(props.conversationId)
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {attaches && <FilePicker label={texts.composer.attach} onFile={sendFile} />}
        <ActionIcon
          className={classes.send ?? ''}
          size={40}
          radius="md"
          disabled={!ready}
          aria-label={kind === 'note' ? texts.composer.saveNote : texts.composer.send}
          onClick={send}
        >
          <IconSend2 size={20} stroke={1.8} />
        </ActionIcon>
      </div>
    </div>
  )
}

type TabProps = {
  name: DraftKind
  kind: DraftKind
  label: string
  onKind: (kind: DraftKind) => void
}

function Tab({ name, kind, label, onKind }: TabProps) {
  const key = useShortcutNames()
  return (
    <button
      type="button"
      role="tab"
      aria-selected={name === kind}
      aria-keyshortcuts={key(name === 'note' ? 'note' : 'reply')}
      className={classes.tab}
      onClick={() => onKind(name)}
    >
      {name === 'note' && <IconLock size={13} stroke={2} aria-hidden />}
      {label}
    </button>
  )
}
