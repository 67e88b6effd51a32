// Who did or looked at what, and who looked at somebody. Read only.

import { Button, Group, Select, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type Deed, useAudit } from '../../api/account'
import { texts } from '../../texts'
import { clock, dayName } from '../../ui/format'
import { Failure } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './StaffPage.module.css'

const t = texts.account.audit
const KINDS = Object.entries(t.kinds)
  .map(([value, label]) => ({ value, label }))
  .sort((one, other) => one.label.localeCompare(other.label))
const PERSON = 'per_'
type Put = (name: 'que' | 'quien' | 'sobre', value: string | null) => void

export function AuditPage() {
  const { que, quien, sobre } = useSearch({ strict: false })
  const [what, by, about] = [que ?? null, quien ?? null, sobre ?? null]
  const navigate = useNavigate()
  const ofPerson = about?.startsWith(PERSON) ?? false
  const query = useAudit({ what, by, subject: ofPerson ? null : about, person: ofPerson ? about : null })
  const go = (search: { que?: string; quien?: string; sobre?: string }) =>
    void navigate({ to: '/auditoria', search, replace: true })
  const put: Put = (name, value) => {
    const known = { que, quien, sobre, [name]: value ?? undefined }
    go(Object.fromEntries(Object.entries(known).filter(([, each]) => each)))
  }
  if (query.isError && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />
  const found = query.data?.pages.flatMap(page => page.items)
  // What is asked of a person comes whole: it is narrowed here.
  const deeds = ofPerson ? found?.filter(deed => (!what || deed.what === what) && (!by || deed.by?.id === by)) : found
  const filtered = what !== null || by !== null || about !== null
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
        <Filters what={what} by={by} about={about} people={found ?? []} onPut={put} />
        {filtered && (
          <Group>
            <Button variant="subtle" size="compact-sm" onClick={() => go({})}>
              {t.clear}
            </Button>
          </Group>
        )}
        {!deeds ? (
          <Skeleton height={240} />
        ) : deeds.length === 0 ? (
          <Text role="status">{filtered ? t.nothing : t.empty}</Text>
        ) : (
          <Lines deeds={deeds} onAbout={subject => put('sobre', subject)} />
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

type FiltersProps = {
  what: string | null
  by: string | null
  about: string | null
  people: Deed[]
  onPut: Put
}

function Filters({ what, by, about, people, onPut }: FiltersProps) {
  const [typed, setTyped] = useState(about ?? '')
  const [shown, setShown] = useState(about)
  if (shown !== about) {
    setShown(about)
    setTyped(about ?? '')
  }
  const names = new Map(people.flatMap(deed => (deed.by ? [[deed.by.id, deed.by.name ?? deed.by.id] as const] : [])))
  if (by && !names.has(by)) names.set(by, by)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onPut('sobre', typed.trim() || null)
  }
  return (
    <form onSubmit={submit} className={classes.filters ?? ''} aria-label={t.filters}>
      <Select
        label={t.what}
        placeholder={t.everything}
        data={KINDS}
        value={what}
        clearable
        searchable
        onChange={value => onPut('que', value)}
      />
      <Select
        label={t.who}
        placeholder={t.anybody}
        data={[...names].map(([value, label]) => ({ value, label }))}
        value={by}
        clearable
        searchable
        onChange={value => onPut('quien', value)}
      />
      <TextInput
        label={t.subject}
        title={t.subjectHelp}
        maxLength={40}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
        rightSection={
          <Button type="submit" variant="subtle" px={6} aria-label={t.search}>
            <IconSearch size={18} aria-hidden />
          </Button>
        }
      />
    </form>
  )
}

function Lines({ deeds, onAbout }: { deeds: Deed[]; onAbout: (subject: string) => void }) {
  return (
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
            <Line key={deed.id} deed={deed} onAbout={onAbout} />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}

function Line({ deed, onAbout }: { deed: Deed; onAbout: (subject: string) => void }) {
  const now = useMinute()
  const more = detail(deed)
  return (
    <Table.Tr>
      <Table.Td>
        <time dateTime={deed.at}>
          {dayName(deed.at, now)} {clock(deed.at)}
        </time>
      </Table.Td>
      <Table.Td>{deed.by?.name ?? t.system}</Table.Td>
      <Table.Td>
        {t.kinds[deed.what] ?? deed.what}
        {more && (
          <Text size="xs" c="var(--muted)">
            {more}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Button variant="subtle" size="compact-xs" ff="monospace" onClick={() => onAbout(deed.subject)}>
          {deed.subject}
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}

/** What is known of it besides: why, how much was found, which way a scope went. */
function detail({ details }: Deed): string | null {
  if (typeof details.reason === 'string' && details.reason) return `${t.why}: ${details.reason}`
  if (typeof details.found === 'number') return t.found(details.found)
  const scope = details.breadth
  if (Array.isArray(scope)) return scope[1] === 'teams' ? t.houseToTeams : t.teamsToHouse
  return null
}
