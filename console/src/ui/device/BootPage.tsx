// What stands where a page could not be made: no connection, or something that is wrong.

import { ApiError } from '../../api/client'
import { CrashPage } from '../StatePages'
import { OfflinePage } from './OfflinePage'

export function BootPage({ error }: { error: unknown }) {
  const unreachable = error instanceof ApiError ? error.status === 0 : !navigator.onLine
  return unreachable ? <OfflinePage /> : <CrashPage error={error} />
}
