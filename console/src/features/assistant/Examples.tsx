// What staff taught: writing an example by hand, seeing all of them, taking one back.

import { Button, NativeSelect, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useExamples, useIntents, useTeach, useWithdraw } from '../../api/assistant'
import { assistant as t } from '../../texts/assistant'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import classes from './AssistantPage.module.css'
import parts from './Parts.module.css'
import { Trouble } from './PhraseCard'

export function Examples() {
  return (
    <div className={classes.stack}>
      <Section title={t.examples.title}>
        <TeachForm />
      </Section>
      <Taught />
    </div>
  )
}

export function TeachForm({ text: given = '' }: { text?: string }) {
  const { items, name } = useIntents()
  const [text, setText] = useState(given)
  const [intent, setIntent] = useState('')
  const teach = useTeach()
  const send = (wanted: string, replace: boolean) =>
    teach.mutate({ text, intent: wanted, replace }, { onSuccess: () => setText('') })
  const told = teach.data?.told
  return (
    <form
      className={classes.stack}
      onSubmit={event => {
        event.preventDefault()
        send(intent, false)
      }}
    >
      <Textarea
        label={t.examples.text}
        value={text}
        maxLength={500}
        autosize
        minRows={2}
        onChange={event => setText(event.currentTarget.value)}
      />
      <NativeSelect
        label={t.examples.intent}
        value={intent}
        onChange={event => setIntent(event.currentTarget.value)}
        data={[{ value: '', label: '–' }, ...items.map(each => ({ value: each.intent, label: each.name }))]}
      />
      <div className={classes.line}>
        <Button type="submit" loading={teach.isPending} disabled={!text.trim() || !intent}>
          {t.examples.add}
        </Button>
      </div>
      {teach.data && (
        <p className={classes.soft} role="status">
          «{teach.data.example.text}» · {t.phrases.taught(name(teach.data.example.intent))}{' '}
          {told && (told.kind === 'known' ? t.examples.known : t.examples.corpusOtherwise(name(told.intent)))}
        </p>
      )}
      <Trouble error={teach.error} name={name} wanted={intent || null} onReplace={wanted => send(wanted, true)} />
    </form>
  )
}

function Taught() {
  const query = useExamples()
  const { name } = useIntents()
  const withdraw = useWithdraw()
  const items = query.data?.items ?? []
  return (
    <Section title={t.examples.listed} query={query} aside={<span className={parts.tag}>{items.length}</span>}>
      {items.length === 0 && <p className={classes.soft}>{t.examples.none}</p>}
      {withdraw.isError && (
        <p className={classes.trouble} role="alert">
          {explain(withdraw.error)}
        </p>
      )}
      <ul className={classes.list}>
        {items.slice(0, 60).map(each => (
          <li key={each.id} className={classes.line}>
            <div style={{ minWidth: 0, flex: 1 }}>
              <p className={classes.words}>{each.intent ? `«${each.text}»` : t.examples.asideOne}</p>
              <p className={classes.soft}>
                {[
                  each.intent && name(each.intent),
                  each.from_conversation ? t.examples.fromConversation : t.examples.byHand,
                  each.by && t.by(each.by),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-label={`${t.examples.remove}: ${each.text}`}
              loading={withdraw.isPending && withdraw.variables === each.id}
              onClick={() => withdraw.mutate(each.id)}
            >
              {t.examples.remove}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
