// Who did or looked at what. Read only.

import { Button, Select, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { type Deed, useAudit } from '../../api/account'
import { texts } from '../../texts'
import { clock, dayName } from '../../ui/format'
import { Failure } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './StaffPage.module.css'

const t = texts.account.audit
const KINDS = Object.entries(t.kinds).map(([value, label]) => ({ value, label }))

export function AuditPage() {
  const [what, setWhat] = useState<string | null>(null)
  const query = useAudit(what)
  if (query.isError && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />
  const deeds = query.data?.pages.flatMap(page => page.items)
  return (
    <div className={classes.page}>
      <Stack gap="md" maw={860} mx="auto">
        <div>
          <Title order={1} size="h3">
            {t.title}
          </Title>
          <Text size="sm" c="var(--muted)">
            {t.help}
          </Text>
        </div>
        <Select
          label={t.what}
          placeholder={t.everything}
          data={KINDS}
          value={what}
          clearable
          maw={320}
          onChange={setWhat}
        />
        {!deeds ? (
          <Skeleton height={240} />
        ) : deeds.length === 0 ? (
          <Text role="status">{t.empty}</Text>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached with the keyboard.
          <section className={classes.scroll} tabIndex={0} aria-label={t.title}>
            <Table verticalSpacing="sm" miw={560}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t.when}</Table.Th>
                  <Table.Th>{t.who}</Table.Th>
                  <Table.Th>{t.what}</Table.Th>
                  <Table.Th>{t.subject}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {deeds.map(deed => (
                  <Line key={deed.id} deed={deed} />
                ))}
              </Table.Tbody>
            </Table>
          </section>
        )}
        {query.hasNextPage && (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t.more}
          </Button>
        )}
      </Stack>
    </div>
  )
}

function Line({ deed }: { deed: Deed }) {
  const now = useMinute()
  return (
    <Table.Tr>
      <Table.Td>
        <time dateTime={deed.at}>
          {dayName(deed.at, now)} {clock(deed.at)}
        </time>
      </Table.Td>
      <Table.Td>{deed.by?.name ?? t.system}</Table.Td>
      <Table.Td>{t.kinds[deed.what] ?? deed.what}</Table.Td>
      <Table.Td>
        <code>{deed.subject}</code>
      </Table.Td>
    </Table.Tr>
  )
}
