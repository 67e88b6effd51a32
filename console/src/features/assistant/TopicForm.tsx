// One topic: its text with what it would sound like, the words people ask for it with, and its versions.

import { Button, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useRestore, useSaveTopic, useTopicHistory, useTopicPreview } from '../../api/assistant'
import type { Topic, TopicEdit } from '../../api/schema.assistant'
import { assistant } from '../../texts/assistant'
import { shortWhen } from '../../ui/format'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './AssistantPage.module.css'

const t = assistant.topics

type Props = { topic: Topic | null; facts: Record<string, string>; onSaved: (key: string) => void }

export function TopicForm({ topic, facts, onSaved }: Props) {
  const [key, setKey] = useState(topic?.key ?? '')
  const [text, setText] = useState(topic?.text ?? topic?.packaged ?? '')
  const [words, setWords] = useState(topic?.words.join(', ') ?? '')
  const save = useSaveTopic()
  const listed = words
    .split(',')
    .map(word => word.trim())
    .filter(Boolean)
  const edit: TopicEdit = {
    on: topic?.on ?? true,
    text: text.trim() && text !== topic?.packaged ? text : null,
    words: listed.join() === (topic?.words ?? []).join() && !topic?.edited ? null : listed,
  }
  const [settled] = useDebouncedValue(edit, 400)
  const preview = useTopicPreview(key, settled, key !== '' && settled.text !== null)
  const send = (wanted: TopicEdit) =>
    save.mutate({ topic: key.trim(), edit: wanted }, { onSuccess: () => onSaved(key.trim()) })
  return (
    <div className={classes.stack}>
      <Section title={topic ? topic.key.replaceAll('_', ' ') : t.fresh}>
        <form
          className={classes.stack}
          onSubmit={event => {
            event.preventDefault()
            send(edit)
          }}
        >
          {!topic && (
            <TextInput label={t.key} value={key} maxLength={40} onChange={event => setKey(event.currentTarget.value)} />
          )}
          <Textarea
            label={t.text}
            description={t.textHelp(
              Object.keys(facts)
                .map(name => `{${name}}`)
                .join(' '),
            )}
            value={text}
            maxLength={800}
            autosize
            minRows={3}
            onChange={event => setText(event.currentTarget.value)}
          />
          <TextInput label={t.words} value={words} onChange={event => setWords(event.currentTarget.value)} />
          {settled.text !== null && (
            <div role="status">
              <p className={classes.soft}>{t.preview}</p>
              {preview.isError ? (
                <p className={classes.trouble}>{explain(preview.error)}</p>
              ) : (
                <p className={classes.said}>{preview.data === null ? t.noPreview : (preview.data ?? '…')}</p>
              )}
            </div>
          )}
          <div className={classes.chips}>
            <Button type="submit" loading={save.isPending} disabled={!key.trim()}>
              {t.save}
            </Button>
            {topic?.edited && topic.packaged !== null && (
              <Button
                variant="default"
                disabled={save.isPending}
                onClick={() => {
                  setText(topic.packaged ?? '')
                  send({ on: true, text: null, words: null })
                }}
              >
                {t.original}
              </Button>
            )}
            {save.isSuccess && (
              <span className={classes.good} role="status">
                {t.saved}
              </span>
            )}
          </div>
          {save.isError && (
            <p className={classes.trouble} role="alert">
              {explain(save.error)}
            </p>
          )}
          {topic && (
            <p className={classes.soft}>
              {t.source}: {t.sources[topic.source] ?? topic.source}
            </p>
          )}
        </form>
      </Section>
      {topic && <Versions topic={topic} onText={setText} />}
    </div>
  )
}

function Versions({ topic, onText }: { topic: Topic; onText: (text: string) => void }) {
  const query = useTopicHistory(topic.key, true)
  const restore = useRestore()
  const now = useMinute()
  const items = query.data?.items ?? []
  return (
    <Section title={t.versions} query={query}>
      {items.length === 0 && <p className={classes.soft}>{t.noVersions}</p>}
      {restore.isError && (
        <p className={classes.trouble} role="alert">
          {explain(restore.error)}
        </p>
      )}
      <ul className={classes.list}>
        {items.map((change, place) => (
          <li key={change.id} className={classes.line}>
            <div style={{ minWidth: 0, flex: 1 }}>
              <p className={classes.words}>{change.details.text ?? t.asItCame}</p>
              <p className={classes.soft}>
                {[shortWhen(change.at, now), change.by && assistant.by(change.by), !change.details.on && t.off]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            {place > 0 && (
              <Button
                size="compact-sm"
                variant="default"
                loading={restore.isPending && restore.variables === change.id}
                onClick={() =>
                  restore.mutate(change.id, { onSuccess: () => onText(change.details.text ?? topic.packaged ?? '') })
                }
              >
                {t.restore}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
