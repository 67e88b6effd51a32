// What guests asked the house for and nobody has seen to yet. An answer goes out in the guest's own conversation.

import { Button } from '@mantine/core'
import { IconCheck, IconMoodSmile, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useRequests } from '../../api/requests'
import type { GuestRequest } from '../../api/schema.requests'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { shortWhen } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { RequestFacts } from '../../ui/RequestFacts'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Requests.module.css'
import { SettleRequest } from './SettleRequest'
import page from './TodayPage.module.css'

const t = texts.requests

export function Requests() {
  const query = useRequests()
  const open = query.data ?? []
  return (
    <Section title={open.length > 0 ? `${t.title} (${open.length})` : t.title} query={query}>
      {open.length === 0 ? (
        <p className={page.none}>
          <IconMoodSmile size={20} stroke={1.7} aria-hidden />
          {t.none} {t.noneHint}
        </p>
      ) : (
        <ul className={classes.list}>
          {open.map(request => (
            <RequestRow key={request.id} request={request} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function RequestRow({ request }: { request: GuestRequest }) {
  const now = useMinute()
  const mayAnswer = useMay('answer')
  const [verb, setVerb] = useState<'done' | 'decline' | null>(null)
  return (
    <li className={classes.request} aria-label={`${request.kind_name}, ${request.person.name ?? t.nameless}`}>
      <div className={classes.head}>
        <strong>{request.kind_name}</strong>
        <span className="muted">
          {request.person.name ?? t.nameless} · {shortWhen(request.created_at, now)}
        </span>
      </div>
      <RequestFacts request={request} />
      {verb !== null ? (
        <SettleRequest request={request} verb={verb} onClose={() => setVerb(null)} />
      ) : (
        <div className={classes.buttons}>
          <LinkButton to="/c/$id" params={{ id: request.conversation_id }} size="xs" variant="default">
            {t.conversation}
          </LinkButton>
          {request.booking_code && (
            <LinkButton to="/reservas/$code" params={{ code: request.booking_code }} size="xs" variant="default">
              {request.booking_code}
            </LinkButton>
          )}
          {mayAnswer && (
            <>
              <Button size="xs" leftSection={<IconCheck size={15} />} onClick={() => setVerb('done')}>
                {t.done}
              </Button>
              <Button size="xs" variant="default" leftSection={<IconX size={15} />} onClick={() => setVerb('decline')}>
                {t.decline}
              </Button>
            </>
          )}
        </div>
      )}
    </li>
  )
}
