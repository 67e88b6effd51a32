// Where the PMS and this house disagree, with what to do about it. Nothing is shown while they agree.

import { IconArrowsDiff } from '@tabler/icons-react'
import { useDiscrepancies } from '../../api/house'
import type { Discrepancy } from '../../api/schema'
import { texts } from '../../texts'
import { calendarDay, capital } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { Section } from '../../ui/Section'
import classes from './TodayPage.module.css'

const t = texts.house

export function Discrepancies() {
  const items = useDiscrepancies().data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title={`${t.discrepancies} (${items.length})`} tone="alert">
      <p className={classes.help}>{t.discrepanciesHelp}</p>
      <ul className={classes.alerts}>
        {items.map(item => (
          <Row key={[item.what, item.room, item.check_in, item.code, item.number].join()} item={item} />
        ))}
      </ul>
    </Section>
  )
}

function Row({ item }: { item: Discrepancy }) {
  const where = [
    t.discrepancyRoom(item.room),
    `${calendarDay(item.check_in)} → ${calendarDay(item.check_out)}`,
    item.code,
    item.number && t.discrepancyNumber(item.number),
  ]
  return (
    <li className={classes.alert} data-gravity="2">
      <span className={classes.alertIcon}>
        <IconArrowsDiff size={20} stroke={1.8} aria-hidden />
      </span>
      <div className={classes.alertWords}>
        <strong>{t.discrepancy[item.what] ?? capital(item.what.replaceAll('_', ' '))}</strong>
        <span className="muted">{where.filter(Boolean).join(' · ')}</span>
      </div>
      {item.code && (
        <div className={classes.alertButtons}>
          <LinkButton to="/reservas/$code" params={{ code: item.code }} size="xs" variant="default">
            {t.alertOpen}
          </LinkButton>
        </div>
      )}
    </li>
  )
}
