// A new agency, or another name, rate or contact for one.

import { Alert, Button, Group, Modal, NumberInput, Stack, Switch, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Partner } from '../../api/schema.trade'
import { useSavePartner } from '../../api/trade'
import { texts } from '../../texts'
import { trade } from '../../texts/trade'
import { explain } from '../../ui/StatePages'

const t = trade.commissions

type Props = { partner: Partner | null; onClose: () => void; onSaved: (partner: Partner) => void }

export function PartnerModal({ partner, onClose, onSaved }: Props) {
  const save = useSavePartner(partner?.id ?? null)
  const [name, setName] = useState(partner?.name ?? '')
  const [rate, setRate] = useState<number | string>(Number(partner?.percent ?? 10))
  const [code, setCode] = useState('')
  const [email, setEmail] = useState(partner?.email ?? '')
  const [phone, setPhone] = useState(partner?.phone ?? '')
  const [active, setActive] = useState(partner?.active ?? true)
  const reached = email.trim() !== '' || phone.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wish = { name: name.trim(), percent: String(rate), email: email.trim(), phone: phone.trim() }
    const whole = partner ? { ...wish, active } : { ...wish, ...(code.trim() ? { code: code.trim() } : {}) }
    save.mutate(whole, { onSuccess: onSaved })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={partner ? partner.name : t.add}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t.name}
            required
            withAsterisk={false}
            maxLength={120}
            value={name}
            data-autofocus
            onChange={event => setName(event.currentTarget.value)}
          />
          <NumberInput
            label={t.percent}
            description={partner ? t.rateHelp : undefined}
            min={0}
            max={50}
            decimalScale={2}
            decimalSeparator=","
            value={rate}
            onChange={setRate}
          />
          {!partner && (
            <TextInput
              label={t.code}
              description={t.codeHelp}
              maxLength={20}
              value={code}
              onChange={event => setCode(event.currentTarget.value)}
            />
          )}
          <TextInput
            type="email"
            label={t.email}
            maxLength={254}
            value={email}
            onChange={event => setEmail(event.currentTarget.value)}
          />
          <TextInput
            type="tel"
            label={t.phone}
            maxLength={40}
            value={phone}
            onChange={event => setPhone(event.currentTarget.value)}
          />
          <Text size="sm" c="var(--muted)" mt={-4}>
            {t.contactHelp}
          </Text>
          {partner && (
            <Switch label={t.active} checked={active} onChange={event => setActive(event.currentTarget.checked)} />
          )}
          {save.error && (
            <Alert color="red" variant="light" role="alert">
              {explain(save.error)}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!name.trim() || !reached || rate === ''}>
              {texts.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
