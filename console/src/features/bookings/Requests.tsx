// What the guest asked for with this booking: needs, a transfer, an invoice, and what became of it.

import { useRequestsOf } from '../../api/requests'
import type { GuestRequest } from '../../api/schema.requests'
import { texts } from '../../texts'
import { shortWhen } from '../../ui/format'
import { RequestFacts } from '../../ui/RequestFacts'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Requests.module.css'

const t = texts.requests

export function Requests({ code }: { code: string }) {
  const query = useRequestsOf(code)
  const found = query.data ?? []
  return (
    <Section title={t.title} query={query}>
      {found.length === 0 ? (
        <p className={classes.none}>{t.noneOfBooking}</p>
      ) : (
        <ul className={classes.list}>
          {found.map(request => (
            <Row key={request.id} request={request} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Row({ request }: { request: GuestRequest }) {
  const now = useMinute()
  return (
    <li className={classes.request}>
      <div className={classes.head}>
        <strong>{request.kind_name}</strong>
        <span data-state={request.state}>{t.states[request.state]}</span>
      </div>
      <RequestFacts request={request} />
      {request.done_by && request.done_at && (
        <p className={classes.answer}>
          {request.answer && <q>{request.answer}</q>}{' '}
          <span className="muted">{t.answered(request.done_by.name ?? '', shortWhen(request.done_at, now))}</span>
        </p>
      )}
    </li>
  )
}
