// One's own account: two steps, where one is signed in, the password.

import { Badge, Button, Paper, PasswordInput, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { changePassword, type OpenSession, useEndSession, useSessions } from '../../api/account'
import { texts } from '../../texts'
import { clock, dayName } from '../../ui/format'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { useSignOut } from '../../ui/useSignOut'
import { deviceName } from './devices'
import classes from './MePage.module.css'
import { SecondFactor } from './SecondFactor'

const t = texts.account

export function Security() {
  return (
    <>
      <SecondFactor />
      <Sessions />
      <Password />
    </>
  )
}

function Sessions() {
  const query = useSessions()
  const end = useEndSession()
  const others = query.data?.filter(each => !each.current) ?? []
  return (
    <Paper withBorder radius="lg" p="lg" className={classes.card}>
      <Text size="sm" fw={600} mb={8}>
        {t.sessions.title}
      </Text>
      {query.data ? (
        <Stack gap="sm">
          {query.data.map(each => (
            <Line key={each.id ?? each.since} session={each} busy={end.isPending} end={() => end.mutate(each.id)} />
          ))}
          {others.length > 1 && (
            <Button variant="default" loading={end.isPending} onClick={() => end.mutate(null)}>
              {t.sessions.endOthers}
            </Button>
          )}
          {others.length === 0 && (
            <Text size="sm" c="var(--muted)">
              {t.sessions.only}
            </Text>
          )}
          {end.error && (
            <Text size="sm" role="alert">
              {explain(end.error)}
            </Text>
          )}
        </Stack>
      ) : query.isError ? (
        <Text size="sm">{explain(query.error)}</Text>
      ) : (
        <Skeleton height={60} />
      )}
    </Paper>
  )
}

function Line({ session, busy, end }: { session: OpenSession; busy: boolean; end: () => void }) {
  const now = useMinute()
  const used = session.seen_at ?? session.since
  const device = deviceName(session.device) ?? t.sessions.unknown
  return (
    <div className={classes.row}>
      <div>
        <Text size="sm">{device}</Text>
        <Text size="xs" c="var(--muted)">
          {[session.address, t.sessions.seen(`${dayName(used, now).toLowerCase()} ${clock(used)}`)]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </div>
      {session.current ? (
        <Badge variant="light" color="green" tt="none">
          {t.sessions.here}
        </Badge>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          disabled={busy || session.id === null}
          onClick={end}
          aria-label={t.sessions.endLabel(device)}
        >
          {t.sessions.end}
        </Button>
      )}
    </div>
  )
}

function Password() {
  const [old, setOld] = useState('')
  const [fresh, setFresh] = useState('')
  const leave = useSignOut()
  const change = useMutation({ mutationFn: () => changePassword(old, fresh), onSuccess: leave })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Paper withBorder radius="lg" p="lg" className={classes.card}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" fw={600}>
            {t.password.title}
          </Text>
          <PasswordInput
            label={t.password.old}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={old}
            onChange={event => setOld(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.password.fresh}
            description={t.password.help}
            autoComplete="new-password"
            minLength={10}
            required
            withAsterisk={false}
            value={fresh}
            onChange={event => setFresh(event.currentTarget.value)}
          />
          {change.error && (
            <Text size="sm" role="alert">
              {explain(change.error)}
            </Text>
          )}
          <Button type="submit" variant="default" loading={change.isPending}>
            {t.password.change}
          </Button>
        </Stack>
      </form>
    </Paper>
  )
}
