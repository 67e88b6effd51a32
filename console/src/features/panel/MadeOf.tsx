// What a figure is made of: the conversations, calls or bookings that were counted.

import { Anchor, Button, Drawer, Skeleton, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type Counted, type Figure, type Period, useMadeOf } from '../../api/reports'
import { texts } from '../../texts'
import { clock, dayName } from '../../ui/format'
import { Failure } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './PanelPage.module.css'

const t = texts.figures.list
type Kind = keyof typeof t.kinds

export function MadeOf({ figure, period, onClose }: { figure: Figure; period: Period; onClose: () => void }) {
  const query = useMadeOf(figure.key, period)
  const pages = query.data?.pages
  const items = pages?.flatMap(page => page.items)
  return (
    <Drawer
      opened
      position="right"
      onClose={onClose}
      title={figure.name}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <Stack gap="sm">
        <Text size="sm" c="var(--muted)">
          {figure.definition}
        </Text>
        {query.isError && !items ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : !items ? (
          <Skeleton height={200} />
        ) : items.length === 0 ? (
          <Text role="status">{t.empty}</Text>
        ) : (
          <ul className={classes.items}>
            {items.map((item, number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: one conversation may be counted many times, and rows never move.
              <Item key={`${item.id} ${number}`} item={item} kind={pages?.[0]?.kind ?? 'conversation'} />
            ))}
          </ul>
        )}
        {query.hasNextPage && (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t.more}
          </Button>
        )}
      </Stack>
    </Drawer>
  )
}

function Item({ item, kind }: { item: Counted; kind: Kind }) {
  const now = useMinute()
  const words = [texts.channels[item.channel] ?? item.channel, item.staff?.name && t.by(item.staff.name)]
  return (
    <li className={classes.item}>
      <Anchor component={Link} to={address(kind, item.id)} size="sm">
        {kind === 'booking' ? `${t.kinds.booking} ${item.id}` : t.kinds[kind]}
      </Anchor>
      <Text size="xs" c="var(--muted)">
        {dayName(item.at, now)} {clock(item.at)} · {words.filter(Boolean).join(' · ')}
      </Text>
    </li>
  )
}

function address(kind: Kind, id: string): string {
  if (kind === 'booking') return `/reservas/${id}`
  return kind === 'call' ? `/llamadas?llamada=${id}` : `/c/${id}`
}
