// What was just done, with a way back for a few seconds. It waits while it is pointed at or has the focus.

import { Button, CloseButton } from '@mantine/core'
import { IconAlertTriangle, IconArrowBackUp, IconCheck } from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
import { type Notice, undos } from '../../api/undo'
import { texts } from '../../texts'
import { explain } from '../StatePages'
import classes from './Undo.module.css'

const t = texts.undo

export function UndoToasts() {
  const items = useSyncExternalStore(undos.watch, () => undos.items)
  return (
    <section className={classes.toasts} aria-label={t.label} aria-live="polite" aria-relevant="additions text">
      {items.map(item => (
        <Toast key={item.id} notice={item} />
      ))}
    </section>
  )
}

function Toast({ notice }: { notice: Notice }) {
  const { id, state, tone } = notice
  const bad = tone === 'refused' || state === 'failed'
  const Icon = bad ? IconAlertTriangle : IconCheck
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only keeps it from leaving
    <div
      className={classes.toast}
      data-bad={bad}
      onMouseEnter={() => undos.hold(id)}
      onMouseLeave={() => undos.release(id)}
      onFocus={() => undos.hold(id)}
      onBlur={() => undos.release(id)}
    >
      <Icon size={19} stroke={2} aria-hidden />
      <span className={classes.words}>{words(notice)}</span>
      {notice.undo && (state === 'open' || state === 'undoing') && (
        <Button
          size="sm"
          variant="white"
          color="dark"
          leftSection={<IconArrowBackUp size={16} />}
          loading={state === 'undoing'}
          onClick={() => void undos.undo(id)}
        >
          {t.button}
        </Button>
      )}
      <CloseButton className={classes.close ?? ''} size={36} aria-label={t.dismiss} onClick={() => undos.dismiss(id)} />
    </div>
  )
}

function words({ words, state, error }: Notice): string {
  if (state === 'undone') return t.undone
  if (state === 'failed') return `${t.failed} ${explain(error)}`
  return words
}
