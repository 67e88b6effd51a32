// Files: where they are found, what may be sent, and the visitor's own, which need a token and so come by hand.

import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiError, call } from './client'

export function attachmentUrl(id: string): string {
  return `/api/attachments/${encodeURIComponent(id)}`
}

export async function fetchFile(url: string, token?: string, signal?: AbortSignal): Promise<Blob> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const response = await fetch(url, { headers, credentials: 'same-origin', signal: signal ?? null })
  if (!response.ok) throw new ApiError(response.status, 'file', '')
  return response.blob()
}

/** A file as an address of this page's memory; given back when nobody looks any more. */
export function useFileUrl(url: string, token?: string) {
  const file = useQuery({
    queryKey: ['file', url],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    queryFn: ({ signal }) => fetchFile(url, token, signal),
  })
  const [local, setLocal] = useState<string | null>(null)
  useEffect(() => {
    if (!file.data) return
    const made = URL.createObjectURL(file.data)
    setLocal(made)
    return () => URL.revokeObjectURL(made)
  }, [file.data])
  return { url: file.data ? local : null, failed: file.isError }
}

export const LARGEST_FILE = 10_000_000
export const SENT_TYPES = 'image/jpeg,image/png,image/webp,image/gif,application/pdf'

/** A file with what goes beside it, as a form. */
export async function upload<T>(path: string, file: File, fields: Record<string, string>, token?: string): Promise<T> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', file, file.name)
  return (await call<T>(path, { method: 'POST', form, ...(token ? { token } : {}) })).data
}
