// What staff teach the assistant and set of it.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, get, post, put } from './client'
import type {
  AssistantSettings,
  Change,
  CurvePoint,
  Example,
  Lesson,
  Phrase,
  SettingsShown,
  Told,
  Topic,
  TopicEdit,
  TrainingState,
  Tried,
} from './schema.assistant'

const AT = '/api/assistant'
const key = {
  phrases: ['assistant', 'phrases'],
  examples: ['assistant', 'examples'],
  intents: ['assistant', 'intents'],
  training: ['assistant', 'training'],
  settings: ['assistant', 'settings'],
  topics: ['assistant', 'topics'],
  history: (topic: string) => ['assistant', 'topics', topic],
} as const

export function usePhrases() {
  return useInfiniteQuery({
    queryKey: key.phrases,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<{ items: Phrase[]; next: string | null }>(
        `${AT}/phrases${pageParam ? `?before=${encodeURIComponent(pageParam)}` : ''}`,
        signal,
      ),
    getNextPageParam: last => last.next,
    // What was just judged stays on the screen, to be undone.
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Names of the intents, by their codes. */
export function useIntents() {
  const query = useQuery({
    queryKey: key.intents,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => get<{ items: { intent: string; name: string }[] }>(`${AT}/intents`, signal),
  })
  const items = query.data?.items ?? []
  const names = new Map(items.map(each => [each.intent, each.name]))
  return { items, name: (intent: string | null) => (intent ? (names.get(intent) ?? intent) : '–') }
}

export function useExamples() {
  return useQuery({
    queryKey: key.examples,
    queryFn: ({ signal }) => get<{ items: Example[] }>(`${AT}/examples`, signal),
  })
}

export function useTeach() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (lesson: Lesson) => post<{ example: Example; told: Told }>(`${AT}/examples`, lesson),
    onSuccess: () => refresh(cache),
  })
}

export function useWithdraw() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(`${AT}/examples/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: () => refresh(cache),
  })
}

function refresh(cache: ReturnType<typeof useQueryClient>) {
  void cache.invalidateQueries({ queryKey: key.examples })
  void cache.invalidateQueries({ queryKey: key.training })
}

export function useTraining() {
  return useQuery({
    queryKey: key.training,
    queryFn: ({ signal }) => get<TrainingState>(`${AT}/training`, signal),
    refetchInterval: query => (query.state.data?.running ? 1500 : 30_000),
  })
}

export function useTrain() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => post<TrainingState>(`${AT}/training`),
    onSuccess: state => cache.setQueryData(key.training, state),
  })
}

export function usePutLive() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (version: string) => post<TrainingState>(`${AT}/training/live`, { version_id: version }),
    onSuccess: state => cache.setQueryData(key.training, state),
  })
}

export function useAssistantSettings() {
  return useQuery({
    queryKey: key.settings,
    queryFn: ({ signal }) => get<SettingsShown>(`${AT}/settings`, signal),
  })
}

export function useSaveSettings() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wish: AssistantSettings) => put<SettingsShown>(`${AT}/settings`, wish),
    onSuccess: shown => cache.setQueryData(key.settings, shown),
  })
}

export function useRestore() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (change: number) => post(`${AT}/changes/${change}/restore`),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: key.settings })
      void cache.invalidateQueries({ queryKey: key.topics })
    },
  })
}

export function useTopics() {
  return useQuery({
    queryKey: key.topics,
    queryFn: ({ signal }) => get<{ items: Topic[]; facts: Record<string, string> }>(`${AT}/topics`, signal),
  })
}

const topicPath = (topic: string) => `${AT}/topics/${encodeURIComponent(topic)}`

export function useSaveTopic() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ topic, edit }: { topic: string; edit: TopicEdit }) => put(topicPath(topic), edit),
    onSuccess: () => cache.invalidateQueries({ queryKey: key.topics }),
  })
}

export function useTopicPreview(topic: string, edit: TopicEdit, wanted: boolean) {
  return useQuery({
    queryKey: [...key.history(topic), 'preview', edit],
    enabled: wanted,
    retry: false,
    queryFn: async () => (await post<{ said: string | null }>(`${topicPath(topic)}/preview`, edit)).said,
  })
}

export function useTopicHistory(topic: string, wanted: boolean) {
  return useQuery({
    queryKey: key.history(topic),
    enabled: wanted,
    queryFn: ({ signal }) =>
      get<{ items: Change<TopicEdit & { restored?: number }>[] }>(`${topicPath(topic)}/history`, signal),
  })
}

export function useTry() {
  return useMutation({ mutationFn: (message: string) => post<Tried>('/api/orchestrator/test', { message }) })
}

/** The point of the curve that is nearest to a threshold. Pure. */
export function pointAt(curve: CurvePoint[], threshold: number): CurvePoint | null {
  let found: CurvePoint | null = null
  for (const point of curve) {
    if (!found || Math.abs(point.threshold - threshold) < Math.abs(found.threshold - threshold)) found = point
  }
  return found
}

/** The intents offered for a phrase: what the customer picked first, then the likeliest; each once. Pure. */
export function offered(phrase: Pick<Phrase, 'meant' | 'likely'>, most = 4): string[] {
  const all = [phrase.meant, ...phrase.likely.map(each => each.intent)].filter(each => each !== null)
  return [...new Set(all)].slice(0, most)
}
