// Recordings: finding them, what they look like, and the short-lived links through which they are heard.

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { get, post } from './client'
import { keys } from './keys'
import type { Peaks, RecordingDetail, RecordingItem } from './schema'
import { useMay } from './session'

export type RecordingSearch = {
  text?: string
  person?: string
  number?: string
  result?: string
  from?: string
  to?: string
}

/** The query string of a search; what is empty is left out. Pure. */
export function recordingQuery(search: RecordingSearch): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value?.trim()) query.set(name, value.trim())
  }
  return query.toString()
}

type Listing = { items: RecordingItem[]; next: string | null }

const PAGE = 50

export function useRecordings(search: RecordingSearch) {
  const query = recordingQuery(search)
  return useInfiniteQuery({
    queryKey: keys.recordings(query),
    enabled: useMay('hear_recordings'),
    placeholderData: keepPreviousData,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const page = new URLSearchParams(query)
      page.set('limit', String(PAGE))
      if (pageParam) page.set('before', pageParam)
      return get<Listing>(`/api/recordings?${page}`, signal)
    },
    getNextPageParam: last => last.next,
  })
}

export function useRecording(id: string) {
  return useQuery({
    queryKey: keys.recording(id),
    queryFn: ({ signal }) => get<RecordingDetail>(`/api/recordings/${encodeURIComponent(id)}`, signal),
  })
}

export function usePeaks(id: string) {
  return useQuery({
    queryKey: keys.peaks(id),
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
    queryFn: ({ signal }) => get<Peaks>(`/api/recordings/${encodeURIComponent(id)}/peaks?points=800`, signal),
  })
}

export type RecordingLink = { url: string; expires_at: string }

export type Wish = { format: 'opus' | 'wav'; rate: 8000 | 16000 | 44100; download?: boolean; reason?: string }

export async function recordingLink(id: string, wish: Wish): Promise<RecordingLink> {
  const link = await post<RecordingLink>(`/api/recordings/${encodeURIComponent(id)}/link`, wish)
  const url = new URL(link.url, location.origin)
  return { ...link, url: url.pathname + url.search }
}
