// Refusals in words. Apart from the client, which the chat on other people's sites loads without our sentences.

import { texts } from '../texts'
import { ApiError } from './client'

/** Why something was refused, in words. */
export function explained(error: unknown): string {
  if (!(error instanceof ApiError)) return texts.errors.unknown
  if (error.status === 0) return texts.errors.unreachable
  if (error.status === 429) return error.message || texts.errors.tooMany
  return error.message || texts.errors.unknown
}
