// A titled part of a page that loads on its own, and says so when it cannot, without taking the page with it.

import { Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiError } from '../api/client'
import { texts } from '../texts'
import classes from './Section.module.css'
import { explain } from './StatePages'

type Query = { isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown; data?: unknown }

type Props = { title: string; aside?: ReactNode; children: ReactNode; query?: Query; tone?: 'alert' | 'plain' }

export function Section({ title, aside, children, query, tone = 'plain' }: Props) {
  const failed = query?.isError && query.data === undefined
  return (
    <section className={classes.section} data-tone={tone} aria-label={title}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {aside}
      </header>
      {query?.isPending ? (
        <div role="status" aria-label={texts.common.loading}>
          <Skeleton height={16} width="60%" mb={10} />
          <Skeleton height={16} width="40%" />
        </div>
      ) : failed ? (
        <PartFailure error={query?.error} retry={() => void query?.refetch()} />
      ) : (
        children
      )}
    </section>
  )
}

export function PartFailure({ error, retry }: { error: unknown; retry: () => void }) {
  if (error instanceof ApiError && error.absent) {
    return (
      <p className={classes.soft}>
        {texts.house.unavailable} {texts.house.unavailableHelp}
      </p>
    )
  }
  return (
    <div className={classes.failed} role="alert">
      <p>{explain(error)}</p>
      <Button size="xs" variant="default" onClick={retry}>
        {texts.common.retry}
      </Button>
    </div>
  )
}

export function Facts({ items }: { items: [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {items.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
