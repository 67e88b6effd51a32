// A customer in a list: who, and by what they can be reached.

import { Link } from '@tanstack/react-router'
import type { Customer } from '../../api/schema.people'
import { es } from '../../texts/es'
import { initials } from '../../ui/format'
import { customerName, reachable, visits } from './customer'
import classes from './SearchPage.module.css'

export function CustomerRow({ customer }: { customer: Customer }) {
  return (
    <li>
      <Link to="/clientes/$id" params={{ id: customer.id }} className={classes.row}>
        <CustomerWords customer={customer} />
      </Link>
    </li>
  )
}

export function CustomerWords({ customer }: { customer: Customer }) {
  return (
    <>
      <span className={classes.avatar} aria-hidden>
        {initials(customer.name) || '·'}
      </span>
      <span className={classes.words}>
        <span className={`${classes.name} clip`}>{customerName(customer)}</span>
        <span className={`${classes.reach} clip`}>{reachText(customer)}</span>
      </span>
    </>
  )
}

export function reachText(customer: Customer): string {
  const parts = [...new Set(reachable(customer).map(each => each.value))]
  if (visits(customer) > 0) parts.push(es.people.visits)
  return parts.join(' · ') || es.people.noContact
}
