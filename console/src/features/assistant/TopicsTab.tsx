// What the assistant says of the house: which topics are on, their texts, who changed what, and the way back.

import { Button, Skeleton, Switch } from '@mantine/core'
import { IconBook2 } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useSaveTopic, useTopics } from '../../api/assistant'
import type { Topic } from '../../api/schema.assistant'
import { texts } from '../../texts'
import { assistant } from '../../texts/assistant'
import { Section } from '../../ui/Section'
import { explain, Failure, Placeholder } from '../../ui/StatePages'
import classes from './AssistantPage.module.css'
import parts from './Parts.module.css'
import { TopicForm } from './TopicForm'

const t = assistant.topics
const FRESH = ''

export function TopicsTab() {
  const query = useTopics()
  const save = useSaveTopic()
  const [open, setOpen] = useState<string | null>(null)
  const beside = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // On a phone the form is above the list that was tapped.
    if (open !== null) beside.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  if (query.isPending) {
    return (
      <div className={classes.stack} role="status" aria-label={texts.common.loading}>
        {[0, 1, 2, 3].map(n => (
          <Skeleton key={n} height={48} radius="md" />
        ))}
      </div>
    )
  }
  if (!query.data) return <Failure error={query.error} retry={() => void query.refetch()} />
  const { items, facts } = query.data
  const topic = items.find(each => each.key === open)
  return (
    <div className={classes.stack}>
      <p className={classes.intro}>{t.intro}</p>
      {save.isError && (
        <p className={classes.trouble} role="alert">
          {explain(save.error)}
        </p>
      )}
      <div className={classes.columns} data-list="first">
        <Section
          title={t.list}
          aside={
            <Button size="compact-sm" variant="default" onClick={() => setOpen(FRESH)}>
              {t.fresh}
            </Button>
          }
        >
          <ul className={classes.list}>
            {items.map(each => (
              <TopicRow
                key={each.key}
                topic={each}
                open={each.key === open}
                busy={save.isPending}
                onOpen={() => setOpen(each.key)}
                onSwitch={on =>
                  save.mutate({
                    topic: each.key,
                    edit: { on, text: each.text, words: each.edited && each.text !== null ? each.words : null },
                  })
                }
              />
            ))}
          </ul>
        </Section>
        <div className={classes.beside} ref={beside}>
          {open === null ? (
            <Placeholder icon={<IconBook2 />}>{t.pick}</Placeholder>
          ) : (
            <TopicForm key={open} topic={topic ?? null} facts={facts} onSaved={setOpen} />
          )}
        </div>
      </div>
    </div>
  )
}

type RowProps = { topic: Topic; open: boolean; busy: boolean; onOpen: () => void; onSwitch: (on: boolean) => void }

function TopicRow({ topic, open, busy, onOpen, onSwitch }: RowProps) {
  const name = topic.key.replaceAll('_', ' ')
  return (
    <li className={parts.topic}>
      <button type="button" className={parts.topicName} aria-current={open} onClick={onOpen}>
        {name} {topic.edited && <em className={parts.tag}>{t.edited}</em>}
        <span>{topic.on ? (topic.said ?? t.missing) : t.off}</span>
      </button>
      <Switch
        checked={topic.on}
        disabled={busy}
        aria-label={t.switchLabel(name)}
        onChange={event => onSwitch(event.currentTarget.checked)}
      />
    </li>
  )
}
