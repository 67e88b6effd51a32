// One's own state and day, the team's, and how a conversation ended.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ApiError, get, post, put } from './client'
import { useLive } from './live-context'
import {
  awayOn,
  type Board,
  type Day,
  type Declared,
  presenceKeys,
  type Shift,
  type StateName,
  type Team,
} from './presenceState'
import { useMay, useMe } from './session'

export type Result = { code: string; name: string; needs_note: boolean; callback: boolean }
export type Results = {
  items: Result[]
  required: boolean
  queue?: { id: string; name: string } | null
  chosen: { code: string; note: string | null } | null
}
export type Pending = {
  conversation_id: string
  channel: string
  queue: { id: string; name: string }
  person: { name: string | null }
  ended_at: string | null
}
export type ResultWish = { code: string; note?: string; callback_at?: string; do_not_call?: boolean }

const one = (id: string) => encodeURIComponent(id)

export function useShift() {
  const me = useMe()
  const live = useLive()
  const enabled = useMay('keep_shift')
  useEffect(() => (enabled ? live.shift(me.id) : undefined), [live, enabled, me.id])
  return useQuery({
    queryKey: presenceKeys.mine,
    enabled,
    queryFn: async ({ signal }) =>
      live.prefer(`shift:${me.id}`, presenceKeys.mine, await get<Shift>('/api/presence/me', signal)),
  })
}

/** Every act on one's own state answers with all of it. */
function useAct<T>(act: (wish: T) => Promise<Shift>) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: fresh => {
      cache.setQueryData(presenceKeys.mine, fresh)
      void cache.invalidateQueries({ queryKey: presenceKeys.days })
    },
    // Somebody else's word was first: show it.
    onError: error => {
      if (error instanceof ApiError && error.status === 409)
        void cache.invalidateQueries({ queryKey: presenceKeys.mine })
    },
  })
}

export type Wish = { state: Declared; reason?: string | undefined; version?: number | undefined }

export const useDeclare = () => useAct((wish: Wish) => post<Shift>('/api/presence/me', wish))
export const useFollow = () =>
  useAct((wish: { state: Declared | null; reason?: string | undefined }) => put<Shift>('/api/presence/me/next', wish))
export const useExtend = () => useAct((seconds: number) => post<Shift>('/api/presence/me/wrap-up/extend', { seconds }))
export const useEndWrapUp = () => useAct((_: null) => post<Shift>('/api/presence/me/wrap-up/end'))
export const useHere = () => useAct((_: null) => post<Shift>('/api/presence/me/here'))

export function useDay(who: string | null, day: string | undefined) {
  const path = who === null ? 'me' : one(who)
  return useQuery({
    queryKey: presenceKeys.day(path, day),
    refetchInterval: 60_000,
    queryFn: ({ signal }) => get<Day>(`/api/presence/${path}/day${day ? `?day=${day}` : ''}`, signal),
  })
}

export function useTeam() {
  const live = useLive()
  const enabled = useMay('see_team')
  useEffect(() => (enabled ? live.states() : undefined), [live, enabled])
  return useQuery({
    queryKey: presenceKeys.team,
    enabled,
    queryFn: ({ signal }) => get<Team>('/api/presence/team', signal),
  })
}

/** Colleagues whom a call cannot be passed to now. */
export function useAway(): ReadonlySet<string> {
  const live = useLive()
  const enabled = useMay('see_states')
  useEffect(() => (enabled ? live.states() : undefined), [live, enabled])
  const board = useQuery({
    queryKey: presenceKeys.board,
    enabled,
    queryFn: ({ signal }) => get<Board>('/api/presence/board', signal),
  })
  return awayOn(board.data)
}

export function useChangeState(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wish: { state: StateName; reason?: string | undefined; note: string }) =>
      post(`/api/presence/${one(id)}`, wish),
    onSuccess: () => cache.invalidateQueries({ queryKey: presenceKeys.team }),
  })
}

export type CorrectionWish = { start: string; end: string; state: StateName; reason?: string; note: string }

export function useCorrect(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wish: CorrectionWish) => post<Day>(`/api/presence/${one(id)}/corrections`, wish),
    onSuccess: () => cache.invalidateQueries({ queryKey: presenceKeys.days }),
  })
}

/** Null: nobody asks here how it ended (a server, or a queue, without results). */
export function useResults(conversation: string) {
  return useQuery({
    queryKey: presenceKeys.results(conversation),
    queryFn: async ({ signal }): Promise<Results | null> => {
      try {
        return await get<Results>(`/api/conversations/${one(conversation)}/results`, signal)
      } catch (error) {
        if (error instanceof ApiError && error.absent) return null
        throw error
      }
    },
  })
}

export function useSaveResult(conversation: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wish: ResultWish) => post<Results>(`/api/conversations/${one(conversation)}/result`, wish),
    onSuccess: fresh => {
      cache.setQueryData(presenceKeys.results(conversation), fresh)
      void cache.invalidateQueries({ queryKey: presenceKeys.pending })
    },
  })
}

/** What one had and has not said the end of. */
export function usePending() {
  return useQuery({
    queryKey: presenceKeys.pending,
    enabled: useMay('answer'),
    refetchInterval: 60_000,
    queryFn: async ({ signal }): Promise<Pending[]> => {
      try {
        return (await get<{ items: Pending[] }>('/api/me/results', signal)).items
      } catch (error) {
        if (error instanceof ApiError && error.absent) return []
        throw error
      }
    },
  })
}
