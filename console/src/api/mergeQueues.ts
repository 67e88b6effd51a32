// Pure merging of what waits into what is known. What has ended leaves; an older look at it never wins.

import type { QueueEntry } from './schema.queues'

export function mergeEntry(known: readonly QueueEntry[], fresh: QueueEntry): QueueEntry[] {
  const before = known.find(entry => entry.id === fresh.id)
  if (before && Date.parse(before.at) > Date.parse(fresh.at)) return [...known]
  const others = known.filter(entry => entry.id !== fresh.id)
  return fresh.state === 'ended' ? others : [...others, fresh]
}
