// How the desk is set up: teams, queues, hours, results and canned replies. Supervisors look, administrators change.

import { Skeleton, Tabs, Text, Title } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useSetup } from '../../api/queues'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { Failure, NoPermission } from '../../ui/StatePages'
import { CannedReplies } from './CannedReplies'
import { HoursTab } from './Hours'
import { QueuesTab } from './Queues'
import { ResultsTab } from './Results'
import classes from './Settings.module.css'
import { TeamsTab } from './Teams'

const t = texts.queues.settings
const TABS = ['equipos', 'colas', 'horarios', 'resultados', 'respuestas'] as const
type Tab = (typeof TABS)[number]

export function SettingsPage() {
  const { ver } = useSearch({ strict: false })
  const navigate = useNavigate()
  const setup = useSetup()
  const mayChange = useMay('manage_desk')
  const tab: Tab = TABS.find(name => name === ver) ?? 'equipos'
  if (!useMay('see_queues')) return <NoPermission />
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <header>
          <Title order={1} size="h3">
            {t.title}
          </Title>
          <Text size="sm" c="var(--muted)">
            {mayChange ? t.help : t.read}
          </Text>
        </header>
        <Tabs
          value={tab}
          onChange={next => void navigate({ to: '/ajustes', search: { ver: next ?? 'equipos' }, replace: true })}
          keepMounted={false}
          variant="outline"
        >
          <Tabs.List className={classes.tabs ?? ''}>
            {TABS.map(name => (
              <Tabs.Tab key={name} value={name} className={classes.tab ?? ''}>
                {t.tabs[name]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {setup.data ? (
            <>
              <Tabs.Panel value="equipos">
                <TeamsTab setup={setup.data} mayChange={mayChange} />
              </Tabs.Panel>
              <Tabs.Panel value="colas">
                <QueuesTab setup={setup.data} mayChange={mayChange} />
              </Tabs.Panel>
              <Tabs.Panel value="horarios">
                <HoursTab setup={setup.data} mayChange={mayChange} />
              </Tabs.Panel>
              <Tabs.Panel value="resultados">
                <ResultsTab setup={setup.data} mayChange={mayChange} />
              </Tabs.Panel>
              <Tabs.Panel value="respuestas">
                <CannedReplies mayChange={mayChange} />
              </Tabs.Panel>
            </>
          ) : setup.isError ? (
            <Failure error={setup.error} retry={() => void setup.refetch()} />
          ) : (
            <div role="status" aria-label={texts.common.loading} className={classes.panel}>
              <Skeleton height={64} radius="md" />
              <Skeleton height={64} radius="md" />
            </div>
          )}
        </Tabs>
      </div>
    </div>
  )
}
