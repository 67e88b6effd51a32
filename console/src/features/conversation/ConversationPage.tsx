// One conversation: the thread, who holds it, the composer, and beside them the person and their bookings.

import { Drawer, Skeleton } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { conversationActions } from '../../api/actions'
import { markRead, useControl, useConversation, useEphemeral } from '../../api/conversations'
import { topics } from '../../api/keys'
import { useLive } from '../../api/live-context'
import { useRetryMessage } from '../../api/messaging'
import { stillOut, useOutbox } from '../../api/outbox'
import type { ConversationDetail } from '../../api/schema'
import { useMe } from '../../api/session'
import { undos } from '../../api/undo'
import { texts } from '../../texts'
import { WritingNotice } from '../../ui/beside/Beside'
import { useShowing } from '../../ui/beside/useBeside'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { ControlBar } from '../../ui/control/ControlBar'
import type { DraftKind } from '../../ui/drafts'
import { explain, Failure } from '../../ui/StatePages'
import { Thread } from '../../ui/thread/Thread'
import { useShortcuts } from '../../ui/useShortcuts'
import { Answered } from './Answered'
import { Composer } from './Composer'
import classes from './ConversationPage.module.css'
import { Header } from './Header'
import { answeredSince, lastSeq } from './meanwhile'
import { OutboxItems } from './OutboxItems'
import { SidePanel } from './SidePanel'
import { UseAsReceipt } from './UseAsReceipt'
import { useDraft } from './useDraft'
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
  const navigate = useNavigate()
  const me = useMe()
  const actions = conversationActions(conversation, me)
  const holds = actions.includes('reply')
  const retry = useRetryMessage(id)
  const closed = useWindow(conversation).kind === 'closed'
  const mayReply = holds && !closed
  const mayNote = actions.includes('note')
  const [kind, setKind] = useState<DraftKind>('text')
  const last = lastSeq(messages)
  const draft = useDraft(id, kind, last)
  const { write: setReply } = useDraft(id, 'text', last)
  const { write: setNote } = useDraft(id, 'note', last)
  const answered = kind === 'text' && draft.text.trim() ? answeredSince(messages, draft.seen, me) : null
  const anyway = useRef<HTMLButtonElement>(null)
  const { showing } = useLive()
  const thing = topics.conversation(id)
  useShowing(thing)
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
    setTimeout(() => {
      // Whoever is typing in a dialog by now would type the rest to the customer.
      if (!document.activeElement?.matches('[role="dialog"] :is(input, textarea)')) field.current?.focus()
    })
  }
  const send = (what: DraftKind, words: string, file?: File) => {
    setSent(n => n + 1)
    showing.stopped()
    // Whoever sends over an answer that is on the screen has seen it.
    void outbox.send(what, words, file, what === 'text' && !file ? (answered === null ? draft.seen : last) : undefined)
    draft.write('')
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
  const firstBooking = detail.bookings[0]?.code
  // A call that is over cannot begin again: only there it is asked first.
  const endNow = () =>
    resolve.mutate(
      { path: 'resolve' },
      { onError: error => undos.refused(`${texts.undo.rolledBack} ${explain(error)}`) },
    )
  const end = conversation.channel === 'call' ? () => setResolving(true) : endNow
  const askToResolve = actions.includes('resolve') && !resolve.isPending ? end : undefined
  useShortcuts({
    reply: () => write('text'),
    booking: firstBooking ? () => void navigate({ to: '/reservas/$code', params: { code: firstBooking } }) : undefined,
    note: mayNote ? () => write('note') : undefined,
    resolve: askToResolve,
    copilot: () => {
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
          onResolve={end}
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
          <WritingNotice thing={thing} writing={kind === 'text' && draft.text.trim() !== ''} />
          {answered !== null && (
            <Answered
              name={answered}
              onReviewed={() => {
                draft.reviewed()
                field.current?.focus()
              }}
              onSend={mayReply ? () => send('text', draft.text) : undefined}
              sendRef={anyway}
            />
          )}
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
            text={draft.text}
            onText={draft.write}
            onTyped={what => showing.wrote(what === 'note' ? 'note' : 'reply')}
            held={answered !== null}
            onHeld={() => anyway.current?.focus()}
            places={{
              nombre: conversation.person.name,
              agente: me.name,
              reserva: detail.bookings.at(-1)?.code ?? null,
            }}
            onSend={send}
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
