// Customers of whom nothing is deleted by age: who, why, who said so; adding one and ending one.

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconGavel, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type LegalHold, useChangeHold, useLegalHolds } from '../../api/office'
import type { Customer } from '../../api/schema.people'
import { texts } from '../../texts'
import { setup } from '../../texts/setup'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { customerName } from '../people/customer'
import { FindCustomer } from '../people/FindCustomer'
import classes from './Settings.module.css'

const t = setup.retention

export function Holds() {
  const query = useLegalHolds()
  const now = useMinute()
  const end = useChangeHold()
  const [adding, setAdding] = useState(false)
  const [ending, setEnding] = useState<LegalHold | null>(null)
  const name = (hold: LegalHold) => hold.person.name ?? texts.people.visitor
  return (
    <Section
      title={t.holds}
      query={query}
      aside={
        <Button variant="default" size="xs" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
          {t.holdAdd}
        </Button>
      }
    >
      <p className="muted">{t.holdsHelp}</p>
      {query.data?.length === 0 ? (
        <p className={classes.empty}>{t.holdsNone}</p>
      ) : (
        <ul className={classes.list}>
          {query.data?.map(hold => (
            <li key={hold.id} className={classes.row}>
              <IconGavel size={18} aria-hidden />
              <div className={classes.what}>
                <strong>
                  <Link to="/clientes/$id" params={{ id: hold.person.id }}>
                    {name(hold)}
                  </Link>
                </strong>
                <p>
                  {hold.reason} · {dayName(hold.at, now)} {hold.by_name ? t.by(hold.by_name) : ''}
                </p>
              </div>
              <Button variant="default" onClick={() => setEnding(hold)}>
                {t.holdEnd}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {adding && <AddModal onClose={() => setAdding(false)} />}
      <ConfirmModal
        opened={ending !== null}
        title={ending ? t.holdEndTitle(name(ending)) : ''}
        help={t.holdEndHelp}
        confirm={t.holdEnd}
        danger
        busy={end.isPending}
        error={end.error ? explain(end.error) : null}
        onClose={() => setEnding(null)}
        onConfirm={() =>
          ending && end.mutate({ person: ending.person_id, reason: null }, { onSuccess: () => setEnding(null) })
        }
      />
    </Section>
  )
}

function AddModal({ onClose }: { onClose: () => void }) {
  const [person, setPerson] = useState<Customer | null>(null)
  const [reason, setReason] = useState('')
  const place = useChangeHold()
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.holdTitle}
      closeButtonProps={{ 'aria-label': texts.common.close, size: 44 }}
    >
      {!person ? (
        <FindCustomer onPick={setPerson} />
      ) : (
        <form
          onSubmit={event => {
            event.preventDefault()
            place.mutate({ person: person.id, reason: reason.trim() }, { onSuccess: onClose })
          }}
        >
          <Stack>
            <Group justify="space-between">
              <Text fw={600}>{customerName(person)}</Text>
              <Button variant="subtle" size="compact-sm" onClick={() => setPerson(null)}>
                {texts.common.back}
              </Button>
            </Group>
            <TextInput
              data-autofocus
              label={t.holdReason}
              placeholder={t.holdReasonPlaceholder}
              value={reason}
              maxLength={200}
              required
              onChange={event => setReason(event.currentTarget.value)}
            />
            {place.error && (
              <Text size="sm" role="alert" c="var(--error-fg)">
                {explain(place.error)}
              </Text>
            )}
            <Button type="submit" mih={44} disabled={!reason.trim()} loading={place.isPending}>
              {t.holdPlace}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
