// What one may pause for. Set in the environment of the server, so it is shown here and changed there.

import { IconCoffee } from '@tabler/icons-react'
import { useTeam } from '../../api/presence'
import { setup as t } from '../../texts/setup'
import { LinkButton } from '../../ui/links'
import { Section } from '../../ui/Section'
import pieces from './Pieces.module.css'
import { Lead, Note } from './parts'
import classes from './Settings.module.css'

export function Pauses() {
  const query = useTeam()
  const reasons = query.data?.reasons ?? []
  return (
    <>
      <Lead>{t.pauses.help}</Lead>
      <Section title={t.names.pausas} query={query}>
        <ul className={pieces.plain}>
          {reasons.map(reason => (
            <li key={reason.code}>
              <IconCoffee size={17} aria-hidden /> {reason.name} <code className={classes.code}>{reason.code}</code>
            </li>
          ))}
        </ul>
      </Section>
      <Note>
        {t.pauses.where} {t.pauses.after}
      </Note>
      <Note>
        {t.pauses.results}{' '}
        <LinkButton to="/ajustes" search={{ ver: 'resultados' }} variant="subtle" size="compact-sm">
          {t.pauses.toResults}
        </LinkButton>
      </Note>
    </>
  )
}
