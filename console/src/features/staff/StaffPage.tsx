// Who may sign in and as what. For those who administer.

import { Badge, Button, Group, Menu, Select, Skeleton, Stack, Switch, Text, Title } from '@mantine/core'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { type Account, useAccounts, useDeal } from '../../api/account'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { initials } from '../../ui/format'
import { explain, Failure } from '../../ui/StatePages'
import { AddModal, NARROWED, PasswordModal, ROLES, SureModal } from './StaffModals'
import classes from './StaffPage.module.css'

const t = texts.account.staff
type Open = { what: 'off' | 'reset' | 'password'; account: Account } | { what: 'add' } | null

export function StaffPage() {
  const query = useAccounts()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  if (query.isError && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />
  return (
    <div className={classes.page}>
      <Stack gap="md" maw={860} mx="auto">
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={1} size="h3">
              {t.title}
            </Title>
            <Text size="sm" c="var(--muted)">
              {t.help}
            </Text>
          </div>
          <Button leftSection={<IconUserPlus size={18} />} onClick={() => setOpen({ what: 'add' })}>
            {t.add}
          </Button>
        </Group>
        {query.data ? (
          <ul className={classes.list}>
            {query.data.map(account => (
              <Row key={account.id} account={account} onOpen={setOpen} />
            ))}
          </ul>
        ) : (
          <Skeleton height={240} />
        )}
      </Stack>
      {open?.what === 'add' && <AddModal onClose={close} />}
      {open?.what === 'password' && <PasswordModal account={open.account} onClose={close} />}
      {(open?.what === 'off' || open?.what === 'reset') && (
        <SureModal what={open.what} account={open.account} onClose={close} />
      )}
    </div>
  )
}

function Row({ account, onOpen }: { account: Account; onOpen: (open: Open) => void }) {
  const me = useMe()
  const deal = useDeal()
  const mine = account.id === me.id
  return (
    <li className={account.active ? classes.row : `${classes.row} ${classes.off}`}>
      <div className={classes.avatar} aria-hidden>
        {initials(account.name)}
      </div>
      <div className={classes.who}>
        <Text fw={600} size="sm">
          {account.name}
        </Text>
        <Text size="xs" c="var(--muted)">
          {account.email} · {account.active ? t.sessions(account.sessions) : t.inactive}
        </Text>
        {deal.error && (
          <Text size="xs" role="alert" c="var(--error-fg)">
            {explain(deal.error)}
          </Text>
        )}
      </div>
      {account.second_factor && (
        <Badge variant="light" color="green" tt="none">
          {t.guarded}
        </Badge>
      )}
      {mine ? (
        <Text size="xs" c="var(--muted)">
          {texts.roles[account.role]} · {t.itsYou}
        </Text>
      ) : (
        <>
          <Select
            className={classes.role ?? ''}
            aria-label={`${t.role}: ${account.name}`}
            data={ROLES}
            value={account.role}
            allowDeselect={false}
            disabled={!account.active || deal.isPending}
            onChange={role => role && deal.mutate({ kind: 'alter', id: account.id, role })}
          />
          <Switch
            className={classes.scope ?? ''}
            label={t.onlyTeams}
            aria-label={t.onlyTeamsOf(account.name)}
            title={NARROWED.has(account.role) ? t.onlyTeamsHelp : t.wholeHouse}
            checked={NARROWED.has(account.role) && account.scope === 'teams'}
            disabled={!account.active || deal.isPending || !NARROWED.has(account.role)}
            onChange={event =>
              deal.mutate({ kind: 'alter', id: account.id, scope: event.currentTarget.checked ? 'teams' : 'house' })
            }
          />
          <Menu position="bottom-end" shadow="md" width={220}>
            <Menu.Target>
              <Button variant="default" px={10} aria-label={t.actions(account.name)}>
                <IconDots size={18} aria-hidden />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => onOpen({ what: 'password', account })}>{t.newPassword}</Menu.Item>
              <Menu.Item
                disabled={account.sessions === 0}
                onClick={() => deal.mutate({ kind: 'sessions', id: account.id })}
              >
                {t.end}
              </Menu.Item>
              <Menu.Item disabled={!account.second_factor} onClick={() => onOpen({ what: 'reset', account })}>
                {t.reset}
              </Menu.Item>
              {account.active ? (
                <Menu.Item color="red" onClick={() => onOpen({ what: 'off', account })}>
                  {t.off}
                </Menu.Item>
              ) : (
                <Menu.Item onClick={() => deal.mutate({ kind: 'alter', id: account.id, active: true })}>
                  {t.on}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        </>
      )}
    </li>
  )
}
