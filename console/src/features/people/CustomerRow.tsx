// A customer in a list: who, and by what they can be reached.

import { Link } from '@tanstack/react-router'
import type { Customer } from '../../api/schema.people'
import { initials } from '../../ui/format'
import { customerName, reachText } from './customer'
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
