// The subjects that are of one piece on the server: teams, queues, hours, results; and canned replies.

import { Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSetup } from '../../api/queues'
import type { DeskSetup } from '../../api/schema.queues'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { Failure } from '../../ui/StatePages'
import { CannedReplies } from './CannedReplies'
import { HoursTab } from './Hours'
import { QueuesTab } from './Queues'
import { ResultsTab } from './Results'
import classes from './Settings.module.css'
import { TeamsTab } from './Teams'

function Desk({ children }: { children: (setup: DeskSetup, mayChange: boolean) => ReactNode }) {
  const setup = useSetup()
  const mayChange = useMay('manage_desk')
  if (setup.data) return children(setup.data, mayChange)
  if (setup.isError) return <Failure error={setup.error} retry={() => void setup.refetch()} />
  return (
    <div role="status" aria-label={texts.common.loading} className={classes.panel}>
      <Skeleton height={64} radius="md" />
      <Skeleton height={64} radius="md" />
    </div>
  )
}

export function TeamsSubject() {
  return <Desk>{(setup, mayChange) => <TeamsTab setup={setup} mayChange={mayChange} />}</Desk>
}

export function QueuesSubject() {
  return <Desk>{(setup, mayChange) => <QueuesTab setup={setup} mayChange={mayChange} />}</Desk>
}

export function HoursSubject() {
  return <Desk>{(setup, mayChange) => <HoursTab setup={setup} mayChange={mayChange} />}</Desk>
}

export function ResultsSubject() {
  return <Desk>{(setup, mayChange) => <ResultsTab setup={setup} mayChange={mayChange} />}</Desk>
}

export function CannedSubject() {
  return <CannedReplies mayChange={useMay('manage_desk')} />
}
