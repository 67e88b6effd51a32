// Moving a window of dates: before, today, after, or to a date.

import { ActionIcon, Button, Group, TextInput } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { trade } from '../texts/trade'

type Props = { date: string; onMove: (way: 1 | -1) => void; onToday: () => void; onJump: (date: string) => void }

export function DateSteps({ date, onMove, onToday, onJump }: Props) {
  return (
    <Group gap={8} wrap="nowrap">
      <ActionIcon variant="default" size={36} aria-label={trade.earlier} onClick={() => onMove(-1)}>
        <IconChevronLeft size={18} />
      </ActionIcon>
      <Button variant="default" h={36} px="sm" onClick={onToday}>
        {trade.today}
      </Button>
      <ActionIcon variant="default" size={36} aria-label={trade.later} onClick={() => onMove(1)}>
        <IconChevronRight size={18} />
      </ActionIcon>
      <TextInput
        type="date"
        w={150}
        aria-label={trade.jump}
        value={date}
        onChange={event => event.currentTarget.value && onJump(event.currentTarget.value)}
      />
    </Group>
  )
}
