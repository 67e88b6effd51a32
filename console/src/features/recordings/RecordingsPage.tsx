// Finding a recording by what was said, by whom, from where, how it ended and when; and hearing it.

import { Button, Skeleton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconMicrophone2 } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type RecordingSearch, useRecordings } from '../../api/recordings'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import pane from '../../ui/ListPane.module.css'
import { RecordingPlayer } from '../../ui/recordings/RecordingPlayer'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { Filters } from './Filters'
import { OpenHeader } from './OpenHeader'
import { RecordingRow } from './RecordingRow'
import classes from './RecordingsPage.module.css'

const t = texts.recordings

export function RecordingsPage() {
  const { grabacion } = useSearch({ strict: false })
  const navigate = useNavigate()
  const [search, setSearch] = useState<RecordingSearch>({})
  const [settled] = useDebouncedValue(search, 300)
  const query = useRecordings(settled)
  const items = query.data?.pages.flatMap(page => page.items) ?? []
  const searching = Object.values(settled).some(value => value?.trim())
  if (!useMay('hear_recordings')) return <NoPermission />
  return (
    <div className={`${pane.page} ${classes.width}`} data-open={grabacion !== undefined}>
      <div className={pane.list}>
        <header className={pane.head}>
          <h1 className={pane.title}>{t.title}</h1>
          <Filters search={search} onSearch={setSearch} />
        </header>
        <div className={pane.scroll}>
          {query.isPending ? (
            <div className={pane.skeletons} role="status" aria-label={texts.common.loading}>
              {[0, 1, 2, 3].map(n => (
                <Skeleton key={n} height={58} radius="md" />
              ))}
            </div>
          ) : query.isError && !query.data ? (
            <Failure error={query.error} retry={() => void query.refetch()} />
          ) : items.length === 0 ? (
            searching ? (
              <Placeholder
                icon={<IconMicrophone2 />}
                action={
                  <Button variant="default" onClick={() => setSearch({})}>
                    {t.clear}
                  </Button>
                }
              >
                {t.noMatch}
              </Placeholder>
            ) : (
              <Placeholder icon={<IconMicrophone2 />} title={t.none}>
                {t.noneHint}
              </Placeholder>
            )
          ) : (
            <>
              <ul className={classes.items} aria-label={t.title}>
                {items.map(item => (
                  <RecordingRow
                    key={item.id}
                    recording={item}
                    selected={item.id === grabacion}
                    onOpen={() => void navigate({ to: '/grabaciones', search: { grabacion: item.id } })}
                  />
                ))}
              </ul>
              {query.hasNextPage && (
                <Button
                  variant="default"
                  fullWidth
                  loading={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t.more}
                </Button>
              )}
            </>
          )}
        </div>
      </div>
      <div className={classes.open}>
        {grabacion ? (
          <>
            <OpenHeader id={grabacion} />
            <RecordingPlayer key={grabacion} id={grabacion} />
          </>
        ) : (
          <Placeholder icon={<IconMicrophone2 />} title={t.pick} />
        )}
      </div>
    </div>
  )
}
