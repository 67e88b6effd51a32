// One sentence as a new customer would write it: what is understood, who answers and with what. Nothing is stored.

import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAssistantSettings, useIntents, useTry } from '../../api/assistant'
import type { Tried } from '../../api/schema.assistant'
import { assistant } from '../../texts/assistant'
import { Facts, Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import classes from './AssistantPage.module.css'
import { TeachForm } from './Examples'

const t = assistant.trial

export function TryTab() {
  const [text, setText] = useState('')
  const attempt = useTry()
  return (
    <div className={classes.stack}>
      <form
        className={classes.stack}
        onSubmit={event => {
          event.preventDefault()
          if (text.trim()) attempt.mutate(text.trim())
        }}
      >
        <TextInput
          label={t.label}
          description={t.help}
          placeholder={t.placeholder}
          value={text}
          maxLength={4000}
          onChange={event => setText(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" loading={attempt.isPending} disabled={!text.trim()}>
            {t.run}
          </Button>
        </div>
      </form>
      {attempt.isError && (
        <p className={classes.trouble} role="alert">
          {explain(attempt.error)}
        </p>
      )}
      {attempt.data && <Found tried={attempt.data} text={attempt.variables ?? ''} />}
    </div>
  )
}

function Found({ tried, text }: { tried: Tried; text: string }) {
  const { name } = useIntents()
  const settings = useAssistantSettings().data?.settings
  const [wrong, setWrong] = useState(false)
  const verdict = !settings
    ? null
    : tried.confidence >= settings.act
      ? t.acts
      : tried.confidence >= settings.guess
        ? t.asks
        : t.neither
  return (
    <div className={classes.columns} aria-live="polite">
      <Section title={t.reply}>
        {tried.reply ? <p className={classes.said}>{tried.reply}</p> : <p className={classes.soft}>{t.noReply}</p>}
        {tried.topics.length > 0 && (
          <p className={classes.soft}>
            {t.topics}: {tried.topics.map(topic => topic.key.replaceAll('_', ' ')).join(', ')}
          </p>
        )}
        <p style={{ margin: '12px 0' }}>
          <Button size="xs" variant="default" aria-expanded={wrong} onClick={() => setWrong(!wrong)}>
            {t.wrong}
          </Button>
        </p>
        {wrong && <TeachForm key={text} text={text} />}
      </Section>
      <Section title={t.intent}>
        <Facts
          items={[
            [t.intent, <strong key="intent">{name(tried.intent)}</strong>],
            [t.confidence, [assistant.percent(tried.confidence), verdict].filter(Boolean).join(' · ')],
            [
              t.alternatives,
              tried.alternatives
                .map(each => `${name(each.intent)} (${assistant.percent(each.confidence)})`)
                .join(', ') || '–',
            ],
            [t.entities, read(tried.entities) || t.noEntities],
            [t.specialists, tried.specialists.join(', ') || t.nobody],
          ]}
        />
      </Section>
    </div>
  )
}

function read(entities: Record<string, unknown>): string {
  return Object.entries(entities)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
    .join(' · ')
}
