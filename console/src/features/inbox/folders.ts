// Which conversations belong to a folder, and in which order. Pure.

import { lastActivity } from '../../api/merge'
import type { Conversation } from '../../api/schema'

export const FOLDERS = ['mine', 'queued', 'bot', 'all', 'closed'] as const
export type Folder = (typeof FOLDERS)[number]

function belongs(item: Conversation, folder: Folder, meId: string): boolean {
  if (folder === 'mine') return item.control === 'agent' && item.agent?.id === meId
  if (folder === 'queued' || folder === 'bot') return item.control === folder
  return folder === 'all' ? item.control !== 'closed' : item.control === 'closed'
}

/** The latest first; among those who wait for a person, who has waited longest. */
export function folderItems(items: readonly Conversation[], folder: Folder, meId: string): Conversation[] {
  const order = folder === 'queued' ? 1 : -1
  return items
    .filter(item => belongs(item, folder, meId))
    .sort((a, b) => order * (Date.parse(lastActivity(a)) - Date.parse(lastActivity(b))))
}

export function folderCounts(open: readonly Conversation[], meId: string): Record<Folder, number> {
  const count = (folder: Folder) => open.filter(item => belongs(item, folder, meId)).length
  return { mine: count('mine'), queued: count('queued'), bot: count('bot'), all: count('all'), closed: 0 }
}

/** The conversation before or after the open one; from nowhere, the first or the last. */
export function neighbour(ids: readonly string[], current: string | undefined, step: 1 | -1): string | undefined {
  const at = current === undefined ? -1 : ids.indexOf(current)
  if (at < 0) return step === 1 ? ids[0] : ids[ids.length - 1]
  return ids[at + step]
}
