// Who may be the same person: said to be one (after asking once) or two.

import { Button } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useMerging, useTellApart, type Whole } from '../../api/people'
import type { Customer } from '../../api/schema.people'
import { es } from '../../texts/es'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { reachText } from './CustomerRow'
import { customerName } from './customer'
import classes from './Lines.module.css'
import { PickModal } from './PickModal'

const t = es.people

type Props = { whole: Whole; may: boolean; onDone: (said: string) => void }

export function Suggestions({ whole, may, onDone }: Props) {
  const { person, suggestions } = whole
  const navigate = useNavigate()
  const merging = useMerging(person.id)
  const apart = useTellApart(person.id)
  const [other, setOther] = useState<Customer | null>(null)
  const [picking, setPicking] = useState(false)
  const ask = (chosen: Customer) => {
    merging.reset()
    setPicking(false)
    setOther(chosen)
  }
  const merge = () => {
    if (!other) return
    merging.mutate(
      { change: 'merge', other: other.id },
      {
        onSuccess: fresh => {
          setOther(null)
          onDone(t.merged(customerName(fresh.person)))
          if (fresh.person.id !== person.id) void navigate({ to: '/clientes/$id', params: { id: fresh.person.id } })
        },
      },
    )
  }
  if (!may && suggestions.length === 0) return null
  return (
    <>
      {suggestions.length > 0 && (
        <Section title={t.alike} tone="alert">
          {apart.error && (
            <p className={classes.failed} role="alert">
              {explain(apart.error)}
            </p>
          )}
          <ul className={classes.list}>
            {suggestions.map(each => (
              <li key={each.person.id} className={classes.line}>
                <span className={classes.words}>
                  <Link to="/clientes/$id" params={{ id: each.person.id }} className={classes.other}>
                    {customerName(each.person)}
                  </Link>
                  <span className={classes.when}>{reachText(each.person)}</span>
                  <span className={classes.when}>{t.whys[each.why] ?? t.whyUnknown}</span>
                </span>
                {may && (
                  <span className={classes.buttons}>
                    <Button size="xs" onClick={() => ask(each.person)}>
                      {t.same}
                    </Button>
                    <Button
                      size="xs"
                      variant="default"
                      disabled={apart.isPending}
                      onClick={() => apart.mutate(each.person.id, { onSuccess: () => onDone(t.apart) })}
                    >
                      {t.two}
                    </Button>
                  </span>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {may && (
        <Button variant="subtle" size="compact-sm" className={classes.byHand ?? ''} onClick={() => setPicking(true)}>
          {t.byHand}
        </Button>
      )}
      <PickModal opened={picking} person={person} onClose={() => setPicking(false)} onPick={ask} />
      <ConfirmModal
        opened={other !== null}
        title={t.mergeTitle}
        help={other ? mergeHelp(person, other) : ''}
        confirm={t.merge}
        busy={merging.isPending}
        error={merging.error ? explain(merging.error) : null}
        onClose={() => setOther(null)}
        onConfirm={merge}
      />
    </>
  )
}

function mergeHelp(person: Customer, other: Customer): string {
  const [kept, gone] = [customerName(person), customerName(other)]
  return kept === gone ? t.mergeSameNameHelp(kept) : t.mergeHelp(kept, gone)
}
