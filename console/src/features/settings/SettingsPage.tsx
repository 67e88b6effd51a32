// The home of all that is set up: subjects on the left, the open one on the right; on a phone one of the two.

import { Skeleton, Text } from '@mantine/core'
import { IconChevronLeft, IconSettings } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import { Suspense } from 'react'
import { allows } from '../../api/actions'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { setup as t } from '../../texts/setup'
import pane from '../../ui/ListPane.module.css'
import { LinkButton } from '../../ui/links'
import { NoPermission, Placeholder } from '../../ui/StatePages'
import classes from './Home.module.css'
import { SubjectList } from './SubjectList'
import { SUBJECTS } from './subjects'

export function SettingsPage() {
  const me = useMe()
  const { ver } = useSearch({ strict: false })
  const mine = SUBJECTS.filter(subject => allows(me, subject.may))
  const known = SUBJECTS.find(subject => subject.key === ver)
  if (!allows(me, 'see_queues')) return <NoPermission />
  return (
    <div className={`${pane.page} ${classes.page}`} data-open={known !== undefined}>
      <SubjectList subjects={mine} open={known?.key} />
      <section className={classes.open} aria-label={known ? t.names[known.key] : texts.queues.settings.title}>
        {!known ? (
          <Placeholder icon={<IconSettings />} title={t.pick}>
            {t.pickHelp}
          </Placeholder>
        ) : !mine.includes(known) ? (
          <NoPermission />
        ) : (
          <div className={classes.inner}>
            <header className={classes.head}>
              <LinkButton
                to="/ajustes"
                search={{}}
                variant="subtle"
                color="gray"
                className={classes.back ?? ''}
                leftSection={<IconChevronLeft size={18} />}
              >
                {t.backToList}
              </LinkButton>
              <h1>{t.names[known.key]}</h1>
              {known.group === 'desk' && !allows(me, 'manage_desk') && (
                <Text size="sm" c="var(--muted)">
                  {t.readOnly}
                </Text>
              )}
            </header>
            <Suspense key={known.key} fallback={<Waiting />}>
              <known.Page />
            </Suspense>
          </div>
        )}
      </section>
    </div>
  )
}

function Waiting() {
  return (
    <div role="status" aria-label={texts.common.loading} className={classes.waiting}>
      <Skeleton height={64} radius="md" />
      <Skeleton height={64} radius="md" />
    </div>
  )
}
