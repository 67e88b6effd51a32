// Files: where they are found, what may be sent, and sending one.

import { call } from './client'

export function attachmentUrl(id: string): string {
  return `/api/attachments/${encodeURIComponent(id)}`
}

export const LARGEST_FILE = 10_000_000
export const SENT_TYPES = 'image/jpeg,image/png,image/webp,image/gif,application/pdf'

/** A file with what goes beside it, as a form. */
export async function upload<T>(path: string, file: File, fields: Record<string, string>): Promise<T> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', file, file.name)
  return (await call<T>(path, { method: 'POST', form })).data
}
