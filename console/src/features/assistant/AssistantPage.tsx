// The assistant as staff shape it: what it doubted, what it learned, what it says, from when on it acts.

import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../api/session'
import { assistant as t } from '../../texts/assistant'
import { NoPermission } from '../../ui/StatePages'
import classes from './AssistantPage.module.css'
import { PhrasesTab } from './PhrasesTab'
import { SettingsTab } from './SettingsTab'
import { TopicsTab } from './TopicsTab'
import { TrainingTab } from './TrainingTab'
import { TryTab } from './TryTab'
import { TABS, type Tab, tabOf } from './tabs'

const BODIES: Record<Tab, () => React.ReactNode> = {
  phrases: PhrasesTab,
  training: TrainingTab,
  trial: TryTab,
  topics: TopicsTab,
  settings: SettingsTab,
}

export function AssistantPage() {
  const { ver } = useSearch({ strict: false })
  const navigate = useNavigate()
  const open = tabOf(ver)
  if (!useMay('teach_assistant')) return <NoPermission />
  const Body = BODIES[open]
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <h1 className={classes.title}>{t.title}</h1>
        <Tabs
          value={open}
          keepMounted={false}
          onChange={tab => void navigate({ to: '/asistente', search: { ver: tab ?? 'phrases' } })}
        >
          <Tabs.List mb="md">
            {TABS.map(tab => (
              <Tabs.Tab key={tab} value={tab}>
                {t.tabs[tab]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={open}>
            <Body />
          </Tabs.Panel>
        </Tabs>
      </div>
    </div>
  )
}
