// Who may be the same person: said to be one (whoever shows this asks once more) or two.

import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTellApart, type Whole } from '../../api/people'
import type { Customer } from '../../api/schema.people'
import { texts } from '../../texts'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { customerName, reachText } from './customer'
import classes from './Lines.module.css'

const t = texts.people

type Props = { whole: Whole; may: boolean; onSame: (other: Customer) => void; onDone: (said: string) => void }

export function Suggestions({ whole, may, onSame, onDone }: Props) {
  const apart = useTellApart(whole.person.id)
  if (whole.suggestions.length === 0) return null
  return (
    <Section title={t.alike} tone="alert">
      {apart.error && (
        <p className={classes.failed} role="alert">
          {explain(apart.error)}
        </p>
      )}
      <ul className={classes.list}>
        {whole.suggestions.map(each => (
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
                <Button size="xs" onClick={() => onSame(each.person)}>
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
  )
}
