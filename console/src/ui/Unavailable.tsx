// For a page whose server does not have it yet: says so instead of looking broken.

import { IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ApiError } from '../api/client'
import { texts } from '../texts'
import { Placeholder } from './StatePages'

export function Unavailable({ error, children }: { error: unknown; children: ReactNode }) {
  if (!(error instanceof ApiError && error.absent)) return children
  return (
    <Placeholder icon={<IconPlugConnectedX />} title={texts.house.unavailable}>
      {texts.house.unavailableHelp}
    </Placeholder>
  )
}
