// Whether a file is worth sending. The server looks at its bytes and decides again.

import { LARGEST_FILE, SENT_TYPES } from '../../api/attachments'
import { texts } from '../../texts'

type Words = { tooBig: string; type: string }

const STAFF: Words = { tooBig: texts.composer.fileTooBig, type: texts.composer.fileType }

export function refusal(file: Pick<File, 'size' | 'type'>, words: Words = STAFF): string | null {
  if (file.size > LARGEST_FILE) return words.tooBig
  return SENT_TYPES.split(',').includes(file.type) ? null : words.type
}
