// Who asked of late to hear no more; what was said at once is one line.

import { Button } from '@mantine/core'
import { IconCircleX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWithdrawals, type Withdrawal } from '../../api/outreach'
import { texts } from '../../texts'
import { outreach } from '../../texts/outreach'
import { clock, dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Contact.module.css'

const t = outreach.contact

export function together(rows: readonly Withdrawal[]): (Withdrawal & { purposes: string[] })[] {
  const known = new Map<string, Withdrawal & { purposes: string[] }>()
  for (const row of rows) {
    const key = [row.person.id, row.channel, row.proof, row.at.slice(0, 16)].join(' ')
    const before = known.get(key)
    if (before) before.purposes.push(row.purpose)
    else known.set(key, { ...row, purposes: [row.purpose] })
  }
  return [...known.values()]
}

export function Withdrawals() {
  const query = useWithdrawals()
  const now = useMinute()
  const rows = together(query.data?.pages.flatMap(page => page.items) ?? [])
  return (
    <Section title={t.latest} query={query}>
      {rows.length === 0 && <p className={classes.soft}>{t.latestNone}</p>}
      <ul className={classes.rows}>
        {rows.map(row => (
          <li key={row.id} data-state="withdrawn" data-counts>
            <IconCircleX size={18} aria-hidden />
            <span>
              <strong>
                <Link to="/no-llamar" search={known => ({ ...known, persona: row.person.id })} className={classes.link}>
                  {row.person.name ?? texts.people.visitor}
                </Link>
              </strong>
              <span>
                {row.purposes.map(purpose => outreach.purposes[purpose] ?? purpose).join(', ')} ·{' '}
                {outreach.channels[row.channel] ?? row.channel}
              </span>
              <span>
                {dayName(row.at, now)} {clock(row.at)} ·{' '}
                {row.by === 'customer' ? t.byCustomer : t.byStaff(row.by_name ?? texts.brand)}
                {row.proof ? ` · ${row.proof}` : ''}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t.more}
        </Button>
      )}
    </Section>
  )
}
