// What a guest asked for, line by line.

import type { GuestRequest } from '../api/schema.requests'
import classes from './RequestFacts.module.css'

export function RequestFacts({ request }: { request: GuestRequest }) {
  if (request.details.length === 0) return null
  return (
    <dl className={classes.facts}>
      {request.details.map(detail => (
        <div key={detail.name}>
          <dt>{detail.label}</dt>
          <dd>{detail.value}</dd>
        </div>
      ))}
    </dl>
  )
}
