// A customer in a list: who, and by what they can be reached.

import { IconUser } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Customer } from '../../api/schema.people'
import { texts } from '../../texts'
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
  const name = customerName(customer)
  const reach = reachText(customer)
  return (
    <>
      <span className={classes.avatar} aria-hidden>
        {initials(customer.name) || <IconUser size={19} stroke={1.7} />}
      </span>
      <span className={classes.words}>
        <span className={`${classes.name} clip`}>{name}</span>
        <span className={`${classes.reach} clip`}>{reach === name ? texts.people.nameless : reach}</span>
      </span>
    </>
  )
}
