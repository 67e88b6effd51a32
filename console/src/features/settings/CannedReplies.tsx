// Canned replies: what the team writes every day, with places for what belongs to the customer.

import { Button, Skeleton, Textarea, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useCanned, useChangeCanned } from '../../api/queues'
import type { CannedReply } from '../../api/schema.queues'
import { texts } from '../../texts'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { PartFailure } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { EditModal, LineActions } from './parts'
import classes from './Settings.module.css'

const t = texts.queues.canned
const s = texts.queues.settings

export function CannedReplies({ mayChange }: { mayChange: boolean }) {
  const query = useCanned()
  const change = useChangeCanned()
  const [open, setOpen] = useState<{ reply: CannedReply | null } | null>(null)
  const [drop, setDrop] = useState<CannedReply | null>(null)
  const keep = () => {
    setDrop(null)
    change.reset()
  }
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <div>
          <h2>{s.tabs.respuestas}</h2>
          <p>{t.variables}</p>
        </div>
        {mayChange && (
          <Button leftSection={<IconPlus size={17} />} onClick={() => setOpen({ reply: null })}>
            {t.add}
          </Button>
        )}
      </div>
      {query.data === undefined ? (
        query.isError ? (
          <PartFailure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Skeleton height={120} radius="md" />
        )
      ) : query.data.length === 0 ? (
        <p className={classes.empty}>
          <strong>{t.none}</strong> {t.noneHint}
        </p>
      ) : (
        <ul className={classes.list}>
          {query.data.map(reply => (
            <li key={reply.id} className={classes.row}>
              <div className={classes.what}>
                <strong>{reply.title}</strong> <span className={classes.code}>/{reply.shortcut}</span>
                <p>{reply.text}</p>
              </div>
              {mayChange && (
                <LineActions name={reply.title} onEdit={() => setOpen({ reply })} onDrop={() => setDrop(reply)} />
              )}
            </li>
          ))}
        </ul>
      )}
      {open && <CannedModal reply={open.reply} onClose={() => setOpen(null)} />}
      <ConfirmModal
        opened={drop !== null}
        title={t.removeTitle}
        help={t.removeHelp}
        confirm={s.remove}
        busy={change.isPending}
        error={change.error ? explain(change.error) : null}
        onClose={keep}
        onConfirm={() => {
          if (drop) change.mutate({ method: 'DELETE', path: ['canned', drop.id] }, { onSuccess: keep })
        }}
      />
    </div>
  )
}

function CannedModal({ reply, onClose }: { reply: CannedReply | null; onClose: () => void }) {
  const change = useChangeCanned()
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? '')
  const [title, setTitle] = useState(reply?.title ?? '')
  const [text, setText] = useState(reply?.text ?? '')
  const save = () =>
    change.mutate(
      {
        method: reply ? 'PUT' : 'POST',
        path: reply ? ['canned', reply.id] : ['canned'],
        body: { shortcut, title, text },
      },
      { onSuccess: onClose },
    )
  return (
    <EditModal
      title={reply?.title ?? t.add}
      busy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSave={save}
    >
      <div className={classes.fields}>
        <TextInput
          label={t.shortcut}
          description={t.shortcutHelp}
          required
          maxLength={30}
          value={shortcut}
          onChange={event => setShortcut(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={t.titleField}
          description={' '}
          required
          maxLength={60}
          value={title}
          onChange={event => setTitle(event.currentTarget.value)}
        />
      </div>
      <Textarea
        label={t.text}
        description={t.variables}
        required
        maxLength={2_000}
        autosize
        minRows={4}
        maxRows={12}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
    </EditModal>
  )
}
