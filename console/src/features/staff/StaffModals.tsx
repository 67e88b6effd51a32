// What is asked before an account is changed, added, or given a new password.

import { Button, Group, Modal, PasswordInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Account, useDeal } from '../../api/account'
import { texts } from '../../texts'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { explain } from '../../ui/StatePages'

const t = texts.account.staff
/** The roles that may be there for their teams only; the others are for the whole house. */
export const NARROWED: ReadonlySet<string> = new Set(['agent', 'supervisor'])
export const ROLES = Object.entries(texts.roles).map(([value, label]) => ({ value, label }))

export function SureModal({
  what,
  account,
  onClose,
}: {
  what: 'off' | 'reset'
  account: Account
  onClose: () => void
}) {
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

export function PasswordModal({ account, onClose }: { account: Account; onClose: () => void }) {
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
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <FreshPassword value={password} onChange={setPassword} label={texts.account.password.fresh} />
          <Ending error={deal.error} busy={deal.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  )
}

export function AddModal({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState('agent')
  const [password, setPassword] = useState('')
  const [teams, setTeams] = useState(false)
  const deal = useDeal()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const scope = teams && NARROWED.has(role) ? 'teams' : 'house'
    deal.mutate({ kind: 'add', name, email, role, password, scope }, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} title={t.add} closeButtonProps={{ 'aria-label': texts.common.close }}>
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
          <Switch
            label={t.onlyTeams}
            description={t.onlyTeamsHelp}
            checked={teams && NARROWED.has(role)}
            disabled={!NARROWED.has(role)}
            onChange={event => setTeams(event.currentTarget.checked)}
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
          {texts.common.cancel}
        </Button>
        <Button type="submit" loading={busy}>
          {texts.common.save}
        </Button>
      </Group>
    </>
  )
}
