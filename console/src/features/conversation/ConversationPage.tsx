// One conversation: the thread, who holds it, the composer, and beside them the person and their bookings.

import { Drawer, Skeleton } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { conversationActions } from '../../api/actions'
import { markRead, useControl, useConversation, useEphemeral } from '../../api/conversations'
import { useRetryMessage } from '../../api/messaging'
import { stillOut, useOutbox } from '../../api/outbox'
import type { ConversationDetail } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { ControlBar } from '../../ui/control/ControlBar'
import type { DraftKind } from '../../ui/drafts'
import { explain, Failure } from '../../ui/StatePages'
import { Thread } from '../../ui/thread/Thread'
import { useShortcuts } from '../../ui/useShortcuts'
import { Composer, useDraft } from './Composer'
import classes from './ConversationPage.module.css'
import { Header } from './Header'
import { OutboxItems } from './OutboxItems'
import { SidePanel } from './SidePanel'
import { UseAsReceipt } from './UseAsReceipt'
import { useWindow, WindowNote } from './Window'

/** From here on the panel stands beside the thread; see the style sheet. */
const SIDE_BY_SIDE = '(min-width: 75em)'

export function ConversationPage() {
  const { id = '' } = useParams({ strict: false })
  const query = useConversation(id)
  if (query.data) return <Open key={id} detail={query.data} />
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  return <Loading />
}

function Open({ detail }: { detail: ConversationDetail }) {
  const { conversation, messages } = detail
  const { id } = conversation
  const me = useMe()
  const actions = conversationActions(conversation, me)
  const holds = actions.includes('reply')
  const retry = useRetryMessage(id)
  const closed = useWindow(conversation).kind === 'closed'
  const mayReply = holds && !closed
  const mayNote = actions.includes('note')
  const [kind, setKind] = useState<DraftKind>('text')
  const [text, setText] = useDraft(id, kind)
  const [, setReply] = useDraft(id, 'text')
  const [, setNote] = useDraft(id, 'note')
  const [panel, setPanel] = useState(false)
  const [copilot, setCopilot] = useState({ beside: 0, drawer: 0 })
  const [resolving, setResolving] = useState(false)
  const [sent, setSent] = useState(0)
  const field = useRef<HTMLTextAreaElement>(null)
  const outbox = useOutbox(id)
  const resolve = useControl(id)
  const ephemeral = useEphemeral(id)

  useEffect(() => {
    if (conversation.unread > 0 && mayNote && document.visibilityState === 'visible')
      void markRead(id).catch(() => null)
  }, [conversation.unread, id, mayNote])

  const write = (next: DraftKind) => {
    setKind(next)
    setTimeout(() => field.current?.focus())
  }
  const use = (what: DraftKind, words: string) => {
    if (what === 'note') setNote(words)
    else setReply(words)
    setPanel(false)
    write(what)
  }
  const side = (asked: number) => (
    <SidePanel detail={detail} copilot={asked} onUse={mayReply ? use : undefined} onNote={mayNote ? use : undefined} />
  )
  const askToResolve = actions.includes('resolve') ? () => setResolving(true) : undefined
  useShortcuts({
    'Alt+KeyR': () => write('text'),
    'Alt+KeyP': mayNote ? () => write('note') : undefined,
    'Alt+KeyE': askToResolve,
    'Alt+KeyI': () => {
      // Only the panel that is seen asks, which may set a language model to work.
      const where = window.matchMedia(SIDE_BY_SIDE).matches ? 'beside' : 'drawer'
      setCopilot(n => ({ ...n, [where]: n[where] + 1 }))
      setPanel(where === 'drawer')
    },
  })
  const locked = !mayNote
    ? texts.composer.lockedRole
    : conversation.control === 'closed'
      ? texts.composer.lockedClosed
      : holds && closed
        ? texts.composer.lockedWindow
        : texts.composer.locked

  return (
    <div className={classes.page}>
      <section className={classes.main} aria-label={texts.thread.label}>
        <Header
          conversation={conversation}
          mayResolve={askToResolve !== undefined}
          onResolve={() => setResolving(true)}
          onPanel={() => setPanel(true)}
        />
        <Thread
          messages={messages}
          ephemeral={ephemeral}
          sent={sent}
          onRetry={holds ? message => retry.mutate(message.id) : undefined}
          fileExtra={file => <UseAsReceipt file={file} bookings={detail.bookings} />}
          onUse={
            mayReply
              ? message => {
                  setReply(message.text)
                  write('text')
                }
              : undefined
          }
        >
          <OutboxItems
            items={stillOut(outbox.items, messages)}
            onRetry={item => void outbox.retry(item)}
            onDiscard={outbox.discard}
          />
        </Thread>
        <footer className={classes.foot}>
          <ControlBar conversation={conversation} onTaken={() => write('text')} />
          <WindowNote conversation={conversation} mayReply={holds} />
          <Composer
            conversationId={id}
            kind={kind}
            onKind={write}
            mayReply={mayReply}
            mayNote={mayNote}
            locked={locked}
            spoken={conversation.channel === 'call'}
            field={field}
            text={text}
            onText={setText}
            places={{
              nombre: conversation.person.name,
              agente: me.name,
              reserva: detail.bookings.at(-1)?.code ?? null,
            }}
            onSend={(what, words, file) => {
              setSent(n => n + 1)
              void outbox.send(what, words, file)
            }}
          />
        </footer>
      </section>
      <aside className={classes.side} aria-label={texts.panel.title}>
        {side(copilot.beside)}
      </aside>
      <Drawer
        opened={panel}
        onClose={() => setPanel(false)}
        position="right"
        size={340}
        title={texts.panel.title}
        closeButtonProps={{ 'aria-label': texts.common.close, size: 44 }}
      >
        {side(copilot.drawer)}
      </Drawer>
      <ConfirmModal
        opened={resolving}
        title={texts.control.resolveTitle}
        help={texts.control.resolveHelp}
        confirm={texts.control.resolve}
        busy={resolve.isPending}
        error={resolve.error ? explain(resolve.error) : null}
        onClose={() => setResolving(false)}
        onConfirm={() => resolve.mutate({ path: 'resolve' }, { onSuccess: () => setResolving(false) })}
      />
    </div>
  )
}

function Loading() {
  return (
    <div className={classes.loading} role="status" aria-label={texts.common.loading}>
      <Skeleton height={54} radius="lg" width="55%" />
      <Skeleton height={74} radius="lg" width="62%" ml="auto" />
      <Skeleton height={54} radius="lg" width="40%" />
    </div>
  )
}
