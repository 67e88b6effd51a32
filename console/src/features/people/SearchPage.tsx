// Finding a customer by name, number, address or username; without words, those met last.

import { Button, Skeleton, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch, IconUsers } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useCustomers } from '../../api/people'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { CustomerRow } from './CustomerRow'
import classes from './SearchPage.module.css'

const t = texts.people

export function SearchPage() {
  const { q = '' } = useSearch({ strict: false }) as { q?: string }
  const navigate = useNavigate()
  const [typed, setTyped] = useState(q)
  const [settled] = useDebouncedValue(typed.trim(), 250)
  const query = useCustomers(settled)
  const items = query.data?.items ?? []
  const written = useRef(q)
  useEffect(() => {
    if (settled === written.current) return
    written.current = settled
    void navigate({ to: '/clientes', search: settled ? { q: settled } : {}, replace: true })
  }, [navigate, settled])
  useEffect(() => {
    if (q === written.current) return
    written.current = q
    setTyped(q)
  }, [q])
  if (!useMay('see_conversations')) return <NoPermission />
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <h1 className={classes.title}>{t.title}</h1>
        <TextInput
          type="search"
          size="md"
          aria-label={t.search}
          placeholder={t.searchHint}
          description={t.searchHelp}
          descriptionProps={{ c: 'var(--muted)' }}
          inputWrapperOrder={['input', 'description']}
          leftSection={<IconSearch size={17} />}
          value={typed}
          maxLength={100}
          autoComplete="off"
          onChange={event => setTyped(event.currentTarget.value)}
        />
        {query.isPending ? (
          <div className={classes.skeletons} role="status" aria-label={texts.common.loading}>
            {[0, 1, 2, 3, 4].map(n => (
              <Skeleton key={n} height={62} radius="md" />
            ))}
          </div>
        ) : query.isError && (!query.data || query.isPlaceholderData) ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : items.length === 0 ? (
          settled ? (
            <Placeholder
              icon={<IconSearch />}
              action={
                <Button variant="default" onClick={() => setTyped('')}>
                  {t.clear}
                </Button>
              }
            >
              {t.noMatch(settled)}
            </Placeholder>
          ) : (
            <Placeholder icon={<IconUsers />} title={t.none}>
              {t.noneHint}
            </Placeholder>
          )
        ) : (
          <section aria-label={t.title} aria-busy={query.isFetching}>
            <p className={classes.count} role="status">
              {settled ? t.found(items.length) : t.latest}
            </p>
            <ul className={classes.list}>
              {items.map(item => (
                <CustomerRow key={item.id} customer={item} />
              ))}
            </ul>
            {query.data?.more && <p className={classes.count}>{t.more(items.length)}</p>}
          </section>
        )}
      </div>
    </div>
  )
}
