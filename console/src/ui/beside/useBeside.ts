// What this screen shows, told to the others; and who of them shows the same.

import { useEffect, useSyncExternalStore } from 'react'
import { useLive } from '../../api/live-context'
import { useMe } from '../../api/session'
import type { Viewer } from '../../api/viewers'

/** Null: nothing that others could have open too. */
export function useShowing(thing: string | null): void {
  const { showing } = useLive()
  useEffect(() => (thing === null ? undefined : showing.show(thing)), [showing, thing])
}

export function useOthers(thing: string): readonly Viewer[] {
  const { viewers } = useLive()
  const me = useMe()
  const all = useSyncExternalStore(viewers.watch, () => viewers.of(thing))
  return all.some(viewer => viewer.id === me.id) ? all.filter(viewer => viewer.id !== me.id) : all
}
