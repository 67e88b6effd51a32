// What whoever is signed in did: their own figures, beside those of another time, and what each is made of.

import { Skeleton, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { type Described, useMyReport } from '../../api/reports'
import { board } from '../../texts/board'
import { Failure } from '../../ui/StatePages'
import { FigureGroup } from './FigureGroup'
import { Filters, usePeriod } from './Filters'
import { type Against, OF_ME } from './figures'
import { MadeOf } from './MadeOf'

export function OwnFigures() {
  const picked = usePeriod('today')
  const [against, setAgainst] = useState<Against>('before')
  const [opened, setOpened] = useState<Described | null>(null)
  const query = useMyReport(picked.period)
  const figures = query.data?.figures.filter(figure => OF_ME.includes(figure.key))
  return (
    <Stack gap="lg">
      <Filters picked={picked} against={against} onAgainst={setAgainst} />
      {query.isError && !query.data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : !query.data || !figures ? (
        <Skeleton height={180} radius="lg" mt="md" />
      ) : (
        <>
          <FigureGroup
            id="mine"
            title={board.mine.title}
            keys={OF_ME}
            figures={query.data.figures}
            against={against}
            onOpen={setOpened}
          />
          {figures.every(figure => !figure.value) && (
            <Text size="sm" c="var(--muted)" mt="xs" role="status">
              {board.mine.none}
            </Text>
          )}
        </>
      )}
      {opened && <MadeOf figure={opened} period={picked.period} mine onClose={() => setOpened(null)} />}
    </Stack>
  )
}
