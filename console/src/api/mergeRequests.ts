// Requests of guests as they stand: those that wait the longest first; whatever was settled leaves the list. Pure.

import type { GuestRequest } from './schema.requests'

export function openRequests(requests: readonly GuestRequest[]): GuestRequest[] {
  return requests
    .filter(request => request.state === 'open')
    .sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at))
}

export function mergeRequest(known: readonly GuestRequest[], fresh: GuestRequest): GuestRequest[] {
  return openRequests([...known.filter(request => request.id !== fresh.id), fresh])
}
