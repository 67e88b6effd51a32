import { useIntents } from '../../api/assistant'
import type { Version } from '../../api/schema.assistant'
import { assistant } from '../../texts/assistant'

const t = assistant.training

/** Why a version is not in use, in words. */
export function useWhy(version: Version): string | null {
  const { name } = useIntents()
  if (version.state === 'failed') return t.failedWhy
  if (version.error === 'overtaken') return t.overtaken
  if (version.state !== 'refused') return null
  const intent = version.error?.split(':')[1]
  return intent ? t.refusedOne(name(intent)) : t.refusedWhy
}
