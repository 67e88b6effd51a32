// Files: where they are found, and their content for what the browser shows only from a page's own memory.

import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiError } from './client'

/** The same address serves staff (by their session) and, with the visitor's own path, the visitor. */
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
