// Messages the assistant was not sure of: one click says what each meant, and the click can be undone.

import { Button, Skeleton } from '@mantine/core'
import { IconMoodCheck } from '@tabler/icons-react'
import { useRef } from 'react'
import { useIntents, usePhrases } from '../../api/assistant'
import { texts } from '../../texts'
import { assistant as t } from '../../texts/assistant'
import { Failure, Placeholder } from '../../ui/StatePages'
import classes from './AssistantPage.module.css'
import { Examples } from './Examples'
import { PhraseCard } from './PhraseCard'

export function PhrasesTab() {
  return (
    <div className={classes.columns}>
      <div className={classes.stack}>
        <Phrases />
      </div>
      <Examples />
    </div>
  )
}

function Phrases() {
  const query = usePhrases()
  const intents = useIntents()
  const list = useRef<HTMLUListElement>(null)
  const items = query.data?.pages.flatMap(page => page.items) ?? []
  const move = (from: number, by: 1 | -1) => {
    const cards = list.current?.querySelectorAll<HTMLElement>('[data-card]') ?? []
    cards[from + by]?.focus()
  }
  if (query.isPending) {
    return (
      <div className={classes.stack} role="status" aria-label={texts.common.loading}>
        {[0, 1, 2].map(n => (
          <Skeleton key={n} height={104} radius="lg" />
        ))}
      </div>
    )
  }
  if (query.isError && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />
  return (
    <>
      <div>
        <p className={classes.intro}>{t.phrases.intro}</p>
        <Button size="xs" variant="default" loading={query.isRefetching} onClick={() => void query.refetch()}>
          {t.phrases.refresh}
        </Button>
      </div>
      {items.length === 0 ? (
        <Placeholder icon={<IconMoodCheck />} title={t.phrases.none}>
          {t.phrases.noneHint}
        </Placeholder>
      ) : (
        <ul className={classes.list} ref={list} aria-label={t.phrases.list}>
          {items.map((phrase, place) => (
            <PhraseCard
              key={phrase.interaction_id}
              phrase={phrase}
              intents={intents.items}
              name={intents.name}
              onMove={by => move(place, by)}
            />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t.phrases.more}
        </Button>
      )}
    </>
  )
}
