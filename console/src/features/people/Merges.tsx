// Who was found to be this customer, by whom and when, and taking it back.

import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useMerging, type Whole } from '../../api/people'
import { texts } from '../../texts'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { clock, dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { type MergeLine, mergeLines } from './customer'
import classes from './Lines.module.css'

const t = texts.people

type Props = { whole: Whole; may: boolean; onDone: (said: string) => void }

export function Merges({ whole, may, onDone }: Props) {
  const lines = mergeLines(whole.merges, whole.person)
  const merging = useMerging(whole.person.id)
  const [undoing, setUndoing] = useState<string | null>(null)
  if (lines.length === 0) return null
  const undo = () => {
    if (undoing === null) return
    merging.mutate(
      { change: 'unmerge', other: undoing },
      {
        onSuccess: () => {
          setUndoing(null)
          onDone(t.unmerged)
        },
      },
    )
  }
  return (
    <Section title={t.merges}>
      <ul className={classes.list}>
        {lines.map(line => (
          <li key={line.key} className={classes.line} data-over={!line.standing}>
            <Words line={line} />
            {may && line.standing && (
              <Button
                size="xs"
                variant="default"
                className={classes.undo ?? ''}
                onClick={() => {
                  merging.reset()
                  setUndoing(line.merge.other)
                }}
              >
                {t.undo}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmModal
        opened={undoing !== null}
        title={t.undoTitle}
        help={t.undoHelp}
        confirm={t.undoConfirm}
        busy={merging.isPending}
        error={merging.error ? explain(merging.error) : null}
        onClose={() => setUndoing(null)}
        onConfirm={undo}
      />
    </Section>
  )
}

function Words({ line }: { line: MergeLine }) {
  const now = useMinute()
  const { merge, elsewhere } = line
  return (
    <span className={classes.words}>
      <span>{t.joinedBy(merge.by.name ?? t.somebody)}</span>
      <time className={classes.when} dateTime={merge.at}>
        {dayName(merge.at, now)}, {clock(merge.at)}
      </time>
      {merge.undone_at && (
        <span className={classes.when}>
          {t.splitBy(merge.undone_by?.name ?? t.somebody)} · {dayName(merge.undone_at, now)}, {clock(merge.undone_at)}
        </span>
      )}
      {elsewhere && (
        <Link to="/clientes/$id" params={{ id: elsewhere }} className={classes.other}>
          {t.otherPage}
        </Link>
      )}
    </span>
  )
}
