// One doubtful phrase. Its keys count only while it has the focus itself.

import { Button, NativeSelect } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, useRef, useState } from 'react'
import { offered, useTeach, useWithdraw } from '../../api/assistant'
import { ApiError } from '../../api/client'
import type { Phrase } from '../../api/schema.assistant'
import { assistant as t } from '../../texts/assistant'
import { shortWhen } from '../../ui/format'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './AssistantPage.module.css'

type Intent = { intent: string; name: string }
type Props = {
  phrase: Phrase
  intents: Intent[]
  name: (intent: string | null) => string
  onMove: (by: 1 | -1) => void
}

export function PhraseCard({ phrase, intents, name, onMove }: Props) {
  const [done, setDone] = useState<{ id: string; intent: string | null } | null>(null)
  const teach = useTeach()
  const withdraw = useWithdraw()
  const card = useRef<HTMLLIElement>(null)
  const now = useMinute()
  const chips = offered(phrase)
  const busy = teach.isPending || withdraw.isPending
  const choose = (intent: string | null, replace = false) => {
    if (busy || done) return
    teach.mutate(
      { intent, interaction_id: phrase.interaction_id, replace },
      {
        onSuccess: answer => {
          setDone({ id: answer.example.id, intent })
          card.current?.focus()
        },
      },
    )
  }
  const undo = () => {
    if (done) withdraw.mutate(done.id, { onSuccess: () => setDone(null), onSettled: () => card.current?.focus() })
  }
  const onKey = (event: KeyboardEvent<HTMLLIElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') onMove(event.key === 'ArrowDown' ? 1 : -1)
    else if (event.key === '0') choose(null)
    else if (chips[Number(event.key) - 1]) choose(chips[Number(event.key) - 1] ?? null)
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the phrase itself is what the keys act on
    <li ref={card} className={classes.card} data-card data-done={done !== null} tabIndex={0} onKeyDown={onKey}>
      <p className={classes.words}>«{phrase.text}»</p>
      <p className={classes.meta}>
        <span>{shortWhen(phrase.at, now)}</span>
        <span>{t.phrases.took(name(phrase.intent), t.percent(phrase.confidence))}</span>
        {phrase.unclear && <span>{t.phrases.unclear}</span>}
        {phrase.handoff && <span>{t.phrases.handedOff}</span>}
        {phrase.meant && <strong>{t.phrases.meant(name(phrase.meant))}</strong>}
        {phrase.others > 0 && <span>{t.phrases.others(phrase.others)}</span>}
        <Link to="/c/$id" params={{ id: phrase.conversation_id }}>
          {t.phrases.see}
        </Link>
      </p>
      {done ? (
        <div className={classes.line} role="status">
          <span>{done.intent ? t.phrases.taught(name(done.intent)) : t.phrases.setAside}</span>
          <Button size="xs" variant="default" loading={withdraw.isPending} onClick={undo}>
            {t.undo}
          </Button>
        </div>
      ) : (
        <fieldset className={classes.chips} disabled={busy} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <legend className="visually-hidden">{t.phrases.choose}</legend>
          {chips.map((intent, place) => (
            <button
              key={intent}
              type="button"
              className={classes.chip}
              data-first={place === 0}
              onClick={() => choose(intent)}
            >
              <kbd aria-hidden>{place + 1}</kbd>
              {name(intent)}
            </button>
          ))}
          <NativeSelect
            className={classes.pick}
            size="xs"
            aria-label={t.phrases.other}
            value=""
            onChange={event => choose(event.currentTarget.value || null)}
            data={[
              { value: '', label: t.phrases.other },
              ...intents.map(each => ({ value: each.intent, label: each.name })),
            ]}
          />
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => choose(null)}>
            {t.phrases.aside}
          </Button>
        </fieldset>
      )}
      <Trouble
        error={teach.error ?? withdraw.error}
        name={name}
        wanted={teach.variables?.intent ?? null}
        onReplace={intent => choose(intent, true)}
      />
    </li>
  )
}

type TroubleProps = {
  error: unknown
  name: (intent: string | null) => string
  wanted: string | null
  onReplace: (intent: string) => void
}

export function Trouble({ error, name, wanted, onReplace }: TroubleProps) {
  if (!error) return null
  if (error instanceof ApiError && error.code === 'taught_otherwise' && wanted) {
    return (
      <div className={classes.line} role="alert">
        <p className={classes.trouble}>{t.phrases.otherwise(name(String(error.details.intent ?? '')))}</p>
        <Button size="xs" variant="default" onClick={() => onReplace(wanted)}>
          {t.phrases.replace(name(wanted))}
        </Button>
      </div>
    )
  }
  return (
    <p className={classes.trouble} role="alert">
      {explain(error)}
    </p>
  )
}
