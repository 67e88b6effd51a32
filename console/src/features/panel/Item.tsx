// One row of what a figure is made of, and the way to it.

import { Anchor, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Counted, CountedKind, Unit } from '../../api/reports'
import { texts } from '../../texts'
import { board } from '../../texts/board'
import { calendarDay, clock, dayName } from '../../ui/format'
import { useMinute } from '../../ui/useNow'
import { shown } from './figures'
import classes from './PanelPage.module.css'

const t = texts.figures.list
const ELSEWHERE = 'pms:'

type Props = { item: Counted; kind: CountedKind; amounts: Unit | null; currency: string | null }

export function Item({ item, kind, amounts, currency }: Props) {
  const now = useMinute()
  const day = item.at.length === 10
  const when = day ? calendarDay(item.at) : `${dayName(item.at, now)} ${clock(item.at)}`
  const where = item.channel && (texts.channels[item.channel] ?? item.channel)
  const words = [when, where, kind !== 'shift' && item.staff?.name && t.by(item.staff.name)].filter(Boolean)
  return (
    <li className={classes.item}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Name item={item} kind={kind} />
        {amounts && (
          <Text size="sm" className="tabular">
            {shown(item.amount, amounts, currency)}
          </Text>
        )}
      </Group>
      <Text size="xs" c="var(--muted)">
        {words.join(' · ')}
      </Text>
    </li>
  )
}

function Name({ item, kind }: { item: Counted; kind: CountedKind }) {
  const name = nameOf(item, kind)
  if (kind === 'cost' || item.id.startsWith(ELSEWHERE)) return <Text size="sm">{name}</Text>
  if (kind === 'shift')
    return (
      <Anchor
        component={Link}
        to={`/mi?persona=${encodeURIComponent(item.id)}&dia=${encodeURIComponent(item.at)}`}
        size="sm"
      >
        {name}
      </Anchor>
    )
  return (
    <Anchor component={Link} to={address(kind, item.id)} size="sm">
      {name}
    </Anchor>
  )
}

function nameOf(item: Counted, kind: CountedKind): string {
  if (kind === 'shift') return item.staff?.name ?? board.list.shift
  if (kind === 'cost') return board.costs.uses[item.id] ?? item.id
  if (item.id.startsWith(ELSEWHERE)) return board.list.elsewhere
  if (kind === 'booking') return [`${t.kinds.booking} ${item.id}`, item.subject].filter(Boolean).join(' · ')
  return item.subject ?? t.kinds[kind]
}

/** What a search in the list looks at. */
export function wordsOf(item: Counted, kind: CountedKind): string {
  const channel = texts.channels[item.channel] ?? item.channel
  return [nameOf(item, kind), item.id, channel, item.staff?.name, item.at].join(' ').toLocaleLowerCase()
}

function address(kind: CountedKind, id: string): string {
  if (kind === 'booking') return `/reservas/${id}`
  return kind === 'call' ? `/llamadas?llamada=${id}` : `/c/${id}`
}
