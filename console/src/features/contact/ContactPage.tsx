// Whom one may contact: a number asked about, what a person said and by which proof, and who asked to hear no more.

import { Button, Group, TextInput } from '@mantine/core'
import { IconPhoneCheck } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { useContactCheck } from '../../api/outreach'
import { useMay } from '../../api/session'
import { outreach } from '../../texts/outreach'
import { Section } from '../../ui/Section'
import { explain, NoPermission } from '../../ui/StatePages'
import { FindCustomer } from '../people/FindCustomer'
import { Answers } from './Answers'
import classes from './Contact.module.css'
import { Ledger } from './Ledger'
import { Withdrawals } from './Withdrawals'

const t = outreach.contact

export function ContactPage() {
  const { numero, persona } = useSearch({ strict: false })
  const may = useMay('answer')
  if (!may) return <NoPermission />
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <header>
          <h1 className={classes.title}>{t.title}</h1>
          <p className={classes.soft}>{t.help}</p>
        </header>
        <Check number={numero ?? ''} />
        <Person id={persona} />
        <Withdrawals />
        <p className={classes.note}>{t.registers}</p>
      </div>
    </div>
  )
}

function Check({ number }: { number: string }) {
  const navigate = useNavigate()
  const [typed, setTyped] = useState(number)
  const query = useContactCheck(number)
  useEffect(() => setTyped(number), [number])
  const ask = (event: FormEvent) => {
    event.preventDefault()
    const numero = typed.trim()
    if (numero === number) void query.refetch()
    else void navigate({ to: '/no-llamar', search: numero ? { numero } : {} })
  }
  return (
    <Section title={t.ask}>
      <form className={classes.form} onSubmit={ask}>
        <TextInput
          className={classes.grow ?? ''}
          label={t.number}
          placeholder={t.numberHint}
          type="tel"
          value={typed}
          maxLength={40}
          autoComplete="off"
          onChange={event => setTyped(event.currentTarget.value)}
        />
        <Button
          type="submit"
          mih={44}
          leftSection={<IconPhoneCheck size={17} />}
          disabled={!typed.trim()}
          loading={query.isFetching}
        >
          {t.check}
        </Button>
      </form>
      {query.error && (
        <p className={classes.wrong} role="alert">
          {explain(query.error)}
        </p>
      )}
      <div aria-live="polite">{query.data && !query.isError && <Answers found={query.data} />}</div>
    </Section>
  )
}

function Person({ id }: { id: string | undefined }) {
  const navigate = useNavigate()
  if (id)
    return (
      <Ledger
        key={id}
        id={id}
        onAnother={() => void navigate({ to: '/no-llamar', search: ({ numero }) => (numero ? { numero } : {}) })}
      />
    )
  return (
    <Section title={t.find}>
      <Group mb={6}>
        <span className={classes.soft}>{t.findHelp}</span>
      </Group>
      <FindCustomer
        quiet
        onPick={found => void navigate({ to: '/no-llamar', search: known => ({ ...known, persona: found.id }) })}
      />
    </Section>
  )
}
