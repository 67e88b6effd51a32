// How far a file has come, and the way to stop it.

import { Button, Text } from '@mantine/core'
import type { useTaking } from '../../api/exports'
import { texts } from '../../texts'
import { board } from '../../texts/board'
import { explain } from '../../ui/StatePages'
import { sizeShown } from './figures'

export function TakingLine({ taking }: { taking: ReturnType<typeof useTaking> }) {
  return (
    <>
      <Text size="sm" role="status">
        {taking.state === 'taking'
          ? taking.bytes > 0
            ? board.taking(sizeShown(taking.bytes))
            : texts.figures.exports.taking
          : taking.state === 'cancelled'
            ? board.cancelled
            : taking.state === 'failed'
              ? explain(taking.error)
              : ''}
      </Text>
      {taking.state === 'taking' && (
        <Button size="compact-sm" variant="default" onClick={taking.cancel}>
          {board.cancel}
        </Button>
      )}
    </>
  )
}
