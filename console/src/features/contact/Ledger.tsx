// What somebody said about being contacted, row by row with its proof; another row is noted here, none is taken away.

import { Button, Group } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconPencilPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type Consent, useConsents } from '../../api/outreach'
import { useCustomer } from '../../api/people'
import { texts } from '../../texts'
import { outreach } from '../../texts/outreach'
import { clock, dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import { customerName } from '../people/customer'
import classes from './Contact.module.css'
import { SayModal } from './SayModal'

const t = outreach.contact

export function Ledger({ id, onAnother }: { id: string; onAnother: () => void }) {
  const query = useConsents(id)
  const customer = useCustomer(id)
  const [adding, setAdding] = useState(false)
  const name = customer.data ? customerName(customer.data.person) : texts.people.visitor
  const rows = [...(query.data ?? [])].reverse()
  return (
    <Section
      title={t.ledger}
      query={query}
      aside={
        <Button variant="subtle" size="xs" onClick={onAnother}>
          {t.another}
        </Button>
      }
    >
      <Group justify="space-between" mb={8}>
        <Link to="/clientes/$id" params={{ id }} className={classes.link}>
          <strong>{name}</strong>
        </Link>
        <Button size="xs" leftSection={<IconPencilPlus size={16} />} onClick={() => setAdding(true)}>
          {t.add}
        </Button>
      </Group>
      <p className={classes.soft}>{rows.length === 0 ? t.ledgerNone : t.ledgerHelp}</p>
      <ul className={classes.rows}>
        {rows.map((row, index) => (
          <Row key={`${row.at} ${row.purpose} ${row.channel}`} row={row} counts={isLast(rows, index)} />
        ))}
      </ul>
      {adding && <SayModal person={id} name={name} onClose={() => setAdding(false)} />}
    </Section>
  )
}

/** Newest first: nothing after it about the same purpose and way. */
function isLast(rows: readonly Consent[], index: number): boolean {
  const row = rows[index]
  return !rows.slice(0, index).some(each => each.purpose === row?.purpose && each.channel === row?.channel)
}

function Row({ row, counts }: { row: Consent; counts: boolean }) {
  const now = useMinute()
  const given = row.state === 'given'
  const Icon = given ? IconCircleCheck : IconCircleX
  return (
    <li data-state={row.state} data-counts={counts}>
      <Icon size={18} aria-hidden />
      <span>
        <strong>
          {given ? t.given : t.withdrawn}: {outreach.purposes[row.purpose] ?? row.purpose} ·{' '}
          {outreach.channels[row.channel] ?? row.channel}
          {given && row.automated ? ` (${t.machinesToo})` : ''}
        </strong>
        <span>
          {dayName(row.at, now)} {clock(row.at)} · {t.proof}: {row.proof || t.noProof}
        </span>
      </span>
    </li>
  )
}
