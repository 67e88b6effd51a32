// What a figure is made of: the conversations, calls, bookings or days of work that were counted.

import { Button, Drawer, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconDownload, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTaking } from '../../api/exports'
import { type Counted, type Described, type Period, useMadeOf } from '../../api/reports'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { board } from '../../texts/board'
import { Failure } from '../../ui/StatePages'
import { Item, wordsOf } from './Item'
import classes from './PanelPage.module.css'
import { TakingLine } from './TakingLine'

const t = texts.figures.list

type Props = { figure: Pick<Described, 'key'>; period: Period; mine?: boolean; onClose: () => void }

export function MadeOf({ figure, period, mine = false, onClose }: Props) {
  const query = useMadeOf(figure.key, period, mine)
  const [sought, setSought] = useState('')
  const mayTake = useMay('export') && !mine
  const taking = useTaking()
  const first = query.data?.pages[0]
  const items = query.data?.pages.flatMap(page => page.items)
  const words = sought.trim().toLocaleLowerCase()
  const matching = items?.filter(item => wordsOf(item, first?.kind ?? 'conversation').includes(words))
  return (
    <Drawer
      opened
      position="right"
      onClose={onClose}
      title={first?.figure.name ?? ''}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <Stack gap="sm">
        <Text size="sm" c="var(--muted)">
          {first?.figure.definition}
        </Text>
        {items && items.length > 0 && (
          <TextInput
            aria-label={board.list.search}
            placeholder={board.list.search}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={sought}
            onChange={event => setSought(event.currentTarget.value)}
          />
        )}
        {mayTake && items && items.length > 0 && (
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              disabled={taking.state === 'taking'}
              onClick={() => void taking.take(`figures/${figure.key}`, 'xlsx', period)}
            >
              {board.list.take}
            </Button>
            <TakingLine taking={taking} />
          </Group>
        )}
        {query.isError && !items ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : !matching ? (
          <Skeleton height={200} />
        ) : items?.length === 0 ? (
          <Text role="status">{t.empty}</Text>
        ) : (
          <>
            <Text size="xs" c="var(--muted)" role="status">
              {matching.length === 0 ? board.list.noMatch : board.list.total(matching.length)}
            </Text>
            <ul className={classes.items}>
              {matching.map((item: Counted, number) => (
                <Item
                  // biome-ignore lint/suspicious/noArrayIndexKey: one conversation may be counted many times, and rows never move.
                  key={`${item.id} ${number}`}
                  item={item}
                  kind={first?.kind ?? 'conversation'}
                  amounts={first?.amounts ?? null}
                  currency={first?.figure.currency ?? null}
                />
              ))}
            </ul>
          </>
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
