// Mails that could not be taken: why, and what becomes of them.

import { Button } from '@mantine/core'
import { IconMailCheck, IconMailOff } from '@tabler/icons-react'
import { useState } from 'react'
import { type AsideMail, useAside, useQuarantine } from '../../api/sites'
import { setup } from '../../texts/setup'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { clock, dayAhead, dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { explain, Placeholder } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import pieces from './Pieces.module.css'
import { Lead } from './parts'
import classes from './Settings.module.css'

const t = setup.quarantine
const OUTCOMES = { quarantined: t.still, taken: t.taken, left: t.left, bounced: t.bounced }

export function Quarantine() {
  const query = useQuarantine()
  const [leaving, setLeaving] = useState<AsideMail | null>(null)
  const aside = useAside()
  if (query.data === null)
    return (
      <Placeholder icon={<IconMailOff />} title={t.off}>
        {t.offHelp}
      </Placeholder>
    )
  const done = aside.data && !aside.isPending ? OUTCOMES[aside.data.state] : null
  return (
    <>
      <Lead>{t.help}</Lead>
      <p role="status" className={done ? pieces.note : 'visually-hidden'}>
        {done}
      </p>
      {aside.error && !leaving && (
        <p role="alert" className={pieces.note} data-tone="warn">
          {explain(aside.error)}
        </p>
      )}
      <Section title={setup.names.cuarentena} query={query}>
        {query.data?.length === 0 ? (
          <Placeholder icon={<IconMailCheck />} title={t.none}>
            {t.noneHelp}
          </Placeholder>
        ) : (
          <ul className={classes.list}>
            {query.data?.map(mail => (
              <Line
                key={mail.id}
                mail={mail}
                busy={aside.isPending && aside.variables?.id === mail.id}
                onRetry={() => aside.mutate({ id: mail.id, what: 'retry' })}
                onLeave={() => {
                  aside.reset()
                  setLeaving(mail)
                }}
              />
            ))}
          </ul>
        )}
      </Section>
      <ConfirmModal
        opened={leaving !== null}
        title={t.leaveTitle}
        help={t.leaveHelp}
        confirm={t.leave}
        busy={aside.isPending}
        error={leaving && aside.error ? explain(aside.error) : null}
        onClose={() => setLeaving(null)}
        onConfirm={() =>
          leaving && aside.mutate({ id: leaving.id, what: 'leave' }, { onSuccess: () => setLeaving(null) })
        }
      />
    </>
  )
}

function Line(props: { mail: AsideMail; busy: boolean; onRetry: () => void; onLeave: () => void }) {
  const { mail, busy } = props
  const now = useMinute()
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <strong>{mail.text}</strong>
        <p>
          {dayName(mail.at, now)} {clock(mail.at)} · {mail.account}
          {mail.folder ? ` · ${t.in(mail.folder)}` : ''} · {t.tries(mail.tries)}
        </p>
        <p>{mail.retry_at ? t.retryAt(`${dayAhead(mail.retry_at, now)} ${clock(mail.retry_at)}`) : t.noRetry}</p>
      </div>
      <Button variant="default" loading={busy} onClick={props.onRetry}>
        {t.retry}
      </Button>
      <Button variant="subtle" color="gray" disabled={busy} onClick={props.onLeave}>
        {t.leave}
      </Button>
    </li>
  )
}
