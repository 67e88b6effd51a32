// What a telephone loads first, in few files: it waits for every request, and six of them go at a time. `start` is what
// every page needs, `desk` what the frame and the inbox need besides; the other screens share theirs by who uses them.

import { join } from 'node:path'
import { INDEX_FILES, named, SOURCES } from './sources.mjs'

export const MAIN = ['main.tsx']
export const SIGN_IN = ['features/auth/SignInPage.tsx']
export const DESK = ['ui/Shell.tsx', 'features/inbox/DeskLayout.tsx', 'features/inbox/NothingPicked.tsx']
const LIBRARIES = /node_modules[\\/](react|react-dom|scheduler|@tanstack|use-sync-external-store)[\\/]/

const closures = new Map()

/** Everything that these sources import before they run. */
function closure(sources, graph) {
  const key = sources.join()
  const known = closures.get(key)
  if (known) return known
  const found = new Set()
  const todo = sources.map(path => join(SOURCES, path))
  while (todo.length > 0) {
    const id = todo.pop()
    if (found.has(id) || INDEX_FILES.has(id)) continue
    found.add(id)
    todo.push(...(graph.getModuleInfo(id)?.importedIds ?? []), ...named(id))
  }
  closures.set(key, found)
  return found
}

const first = (name, sources, priority) => ({
  name: (id, graph) => (closure(sources, graph).has(id) ? name : null),
  debugName: name,
  priority,
})

const shared = (name, test, priority, entriesAwareMergeThreshold) => ({
  name,
  test,
  priority,
  minShareCount: 2,
  entriesAware: true,
  entriesAwareMergeThreshold,
})

export const groups = [
  { name: 'libraries', test: LIBRARIES, priority: 5 },
  first('start', [...MAIN, ...SIGN_IN], 4),
  first('desk', DESK, 3),
  shared('parts', /node_modules[\\/](@mantine|@tabler|@floating-ui)[\\/]/, 2, 24_000),
  shared('shared', /console[\\/]src[\\/](ui|api|audio)[\\/]/, 1, 16_000),
]

/** What several screens share is named after all of them, which is longer than an address should be. */
export const chunkFileNames = ({ name }) => `assets/${name.split('~')[0]}-[hash].js`
