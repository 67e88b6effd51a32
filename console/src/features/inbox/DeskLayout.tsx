// The list of conversations beside whatever is open. On a phone one of the two is on the screen.

import { Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useRef, useState } from 'react'
import { useMay } from '../../api/session'
import { NoPermission } from '../../ui/StatePages'
import { useShortcuts } from '../../ui/useShortcuts'
import classes from './DeskLayout.module.css'
import { type Folder, neighbour } from './folders'
import { InboxPane } from './InboxPane'

export function DeskLayout() {
  const { id } = useParams({ strict: false })
  const [folder, setFolder] = useState<Folder>('all')
  const shown = useRef<string[]>([])
  const navigate = useNavigate()
  const onShown = useCallback((ids: string[]) => {
    shown.current = ids
  }, [])
  const go = (step: 1 | -1) => {
    const next = neighbour(shown.current, id, step)
    if (next) void navigate({ to: '/c/$id', params: { id: next } })
  }
  useShortcuts({ next: () => go(1), previous: () => go(-1) })
  if (!useMay('see_conversations')) return <NoPermission />
  return (
    <div className={classes.desk} data-open={id !== undefined}>
      <div className={classes.list}>
        <InboxPane folder={folder} onFolder={setFolder} selected={id} onShown={onShown} />
      </div>
      <div className={classes.open}>
        <Outlet />
      </div>
    </div>
  )
}
