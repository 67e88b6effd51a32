// Who may sign in and as what. For those who administer.

import {
  Badge,
  Button,
  Group,
  Menu,
  Modal,
  PasswordInput,
  Select,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { type Account, useAccounts, useDeal } from '../../api/account'
import { useMe } from '../../api/session'
import { es } from '../../texts/es'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { initials } from '../../ui/format'
import { explain, Failure } from '../../ui/StatePages'
import classes from './StaffPage.module.css'

const t = es.account.staff
const ROLES = Object.entries(es.roles).map(([value, label]) => ({ value, label }))
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
          {es.roles[account.role]} · {t.itsYou}
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

function SureModal({ what, account, onClose }: { what: 'off' | 'reset'; account: Account; onClose: () => void }) {
  const deal = useDeal()
  const off = what === 'off'
  return (
    <ConfirmModal
      opened
      danger
      title={off ? t.off : t.reset}
      help={off ? t.offSure(account.name) : t.resetSure(account.name)}
      confirm={off ? t.off : t.reset}
      busy={deal.isPending}
      error={deal.error ? explain(deal.error) : null}
      onClose={onClose}
      onConfirm={() =>
        deal.mutate(
          off ? { kind: 'alter', id: account.id, active: false } : { kind: 'second_factor', id: account.id },
          { onSuccess: onClose },
        )
      }
    />
  )
}

function PasswordModal({ account, onClose }: { account: Account; onClose: () => void }) {
  const [password, setPassword] = useState('')
  const deal = useDeal()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    deal.mutate({ kind: 'password', id: account.id, password }, { onSuccess: onClose })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${t.newPassword}: ${account.name}`}
      closeButtonProps={{ 'aria-label': es.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <FreshPassword value={password} onChange={setPassword} label={es.account.password.fresh} />
          <Ending error={deal.error} busy={deal.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  )
}

function AddModal({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState('agent')
  const [password, setPassword] = useState('')
  const deal = useDeal()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    deal.mutate({ kind: 'add', name, email, role, password }, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} title={t.add} closeButtonProps={{ 'aria-label': es.common.close }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t.name}
            required
            maxLength={120}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t.email}
            type="email"
            required
            maxLength={254}
            value={email}
            onChange={event => setEmail(event.currentTarget.value)}
          />
          <Select
            label={t.role}
            data={ROLES}
            value={role}
            allowDeselect={false}
            onChange={each => each && setRole(each)}
          />
          <FreshPassword value={password} onChange={setPassword} label={t.password} />
          <Ending error={deal.error} busy={deal.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  )
}

function FreshPassword({
  value,
  onChange,
  label,
}: {
  value: string
  onChange: (value: string) => void
  label: string
}) {
  return (
    <PasswordInput
      label={label}
      autoComplete="new-password"
      minLength={10}
      required
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

function Ending({ error, busy, onClose }: { error: unknown; busy: boolean; onClose: () => void }) {
  return (
    <>
      {Boolean(error) && (
        <Text size="sm" role="alert">
          {explain(error)}
        </Text>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {es.common.cancel}
        </Button>
        <Button type="submit" loading={busy}>
          {es.common.save}
        </Button>
      </Group>
    </>
  )
}
