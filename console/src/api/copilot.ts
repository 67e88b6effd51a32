// The copilot: what was found about a conversation, and a language model's suggestions while they are written.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useState } from 'react'
import { get, post } from './client'

export type Suggestion = { text: string; kind: 'bot' | 'draft' | 'argument' | 'topic'; source: string }
export type CopilotHelp = {
  seq: number
  suggestions: Suggestion[]
  objection: { kind: string; title: string; arguments: { text: string; source: string }[] } | null
  facts: { label: string; text: string; source: string }[]
  summary: string[]
  model: string | null
}
export type Models = { items: string[]; current: string | null }
export type CopilotEvent =
  | { type: 'started'; model: string }
  | { type: 'text' | 'done' | 'dropped'; index: number; text: string }
  | { type: 'end'; code: string | null; message: string | null }
export type Written = { lines: { text: string; done: boolean }[]; running: boolean; message: string | null }

export const NOTHING: Written = { lines: [], running: false, message: null }

/** What is shown after one more event. A suggestion that was dropped goes, also when its beginning was shown. Pure. */
export function written(before: Written, event: CopilotEvent): Written {
  if (event.type === 'started') return { lines: [], running: true, message: null }
  if (event.type === 'end')
    return { lines: before.lines.filter(line => line.done), running: false, message: event.message }
  const lines = before.lines.slice(0, event.index)
  if (event.type !== 'dropped') lines.push({ text: event.text, done: event.type === 'done' })
  return { ...before, lines }
}

const path = (id: string) => `/api/conversations/${encodeURIComponent(id)}/copilot`

export function useCopilot(id: string, seq: number) {
  return useQuery({
    queryKey: ['copilot', id, seq],
    queryFn: ({ signal }) => get<CopilotHelp>(path(id), signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}

/** Runs while it is mounted and wanted; unmounting stops the model. */
export function useWritten(id: string, wanted: boolean, failed: string): [Written, () => void] {
  const [state, apply] = useReducer(written, NOTHING)
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks again
  useEffect(() => {
    if (!wanted) return
    const stop = new AbortController()
    read(id, stop.signal, apply).catch(() => {
      if (!stop.signal.aborted) apply({ type: 'end', code: 'unreachable', message: failed })
    })
    return () => stop.abort()
  }, [id, wanted, round, failed])
  return [state, useCallback(() => setRound(n => n + 1), [])]
}

// Read line by line as it comes, which the client for whole answers cannot.
async function read(id: string, signal: AbortSignal, apply: (event: CopilotEvent) => void): Promise<void> {
  const response = await fetch(`${path(id)}/stream`, { credentials: 'same-origin', signal })
  const reader = response.ok ? response.body?.pipeThrough(new TextDecoderStream()).getReader() : undefined
  if (!reader) throw new Error('no stream')
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) apply(JSON.parse(line) as CopilotEvent)
  }
}

export function useModels(wanted: boolean) {
  return useQuery({
    queryKey: ['copilot', 'models'],
    enabled: wanted,
    queryFn: ({ signal }) => get<Models>('/api/copilot/models', signal),
  })
}

export function useChooseModel() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => post<Models>('/api/copilot/model', { name }),
    onSuccess: models => cache.setQueryData(['copilot', 'models'], models),
  })
}
