// What only carriers know: approved templates where free words no longer go, and handing over once more.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { texts } from '../texts'
import { ApiError, get, post } from './client'
import { explained } from './explained'
import { keys } from './keys'
import { mergeDetail } from './merge'
import type { Conversation, ConversationDetail, Message, Priority } from './schema'
import { undos } from './undo'

export type Template = {
  name: string
  language: string
  status: string
  usable: boolean
  header: string | null
  body: string
  footer: string | null
  buttons: string[]
  params: string[]
  channel: string
  category: string
}

/** All there are, whatever their state; null where no WhatsApp is connected. */
export function useAllTemplates() {
  return useQuery({
    queryKey: [...keys.templates, 'all'],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      try {
        return (await get<{ items: Template[] }>('/api/whatsapp/templates', signal)).items
      } catch (error) {
        if (error instanceof ApiError && error.absent) return null
        throw error
      }
    },
  })
}

/** Templates that a channel may send now. */
export function useTemplates(channel: string, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.templates, channel],
    enabled,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const found = await get<{ items: Template[] }>('/api/whatsapp/templates', signal)
      return inOneLanguage(found.items.filter(item => item.usable && item.channel === channel))
    },
  })
}

/** Each once: in the desk's language where it is there, else as it comes. */
export function inOneLanguage(items: readonly Template[], language = 'es'): Template[] {
  const known = new Map<string, Template>()
  for (const item of items) {
    const before = known.get(item.name)
    if (!before || (!before.language.startsWith(language) && item.language.startsWith(language)))
      known.set(item.name, item)
  }
  return [...known.values()]
}

export type Filled = { name: string; language: string; params: string[]; client_id: string }

export function useSendTemplate(id: string) {
  const merge = useMerge(id)
  return useMutation({
    mutationFn: (filled: Filled) => post<Message>(`/api/conversations/${encodeURIComponent(id)}/template`, filled),
    onSuccess: merge,
  })
}

export function useRetryMessage(id: string) {
  const merge = useMerge(id)
  return useMutation({
    mutationFn: (messageId: string) => post<Message>(`/api/messages/${encodeURIComponent(messageId)}/retry`),
    onSuccess: merge,
  })
}

export function usePriority(id: string) {
  const cache = useQueryClient()
  const set = (priority: Priority) =>
    post<Conversation>(`/api/conversations/${encodeURIComponent(id)}/priority`, { priority })
  const show = (fresh: Conversation) =>
    cache.setQueryData<ConversationDetail>(keys.conversation(id), detail =>
      detail ? mergeDetail(detail, 'conversation', fresh) : detail,
    )
  return useMutation({
    mutationFn: set,
    onMutate: priority => {
      const known = cache.getQueryData<ConversationDetail>(keys.conversation(id))?.conversation
      if (known) show({ ...known, priority })
      return known?.priority ?? 'normal'
    },
    onSuccess: (fresh, priority, before = 'normal') => {
      show(fresh)
      if (priority !== before)
        undos.offer(texts.undo.priority(texts.priority[priority] ?? priority), async () => show(await set(before)))
    },
    onError: (error, _priority, before) => {
      const known = cache.getQueryData<ConversationDetail>(keys.conversation(id))?.conversation
      if (known && before) show({ ...known, priority: before })
      undos.refused(`${texts.undo.rolledBack} ${explained(error)}`)
    },
  })
}

function useMerge(id: string) {
  const cache = useQueryClient()
  return (message: Message) => {
    cache.setQueryData<ConversationDetail>(keys.conversation(id), detail =>
      detail ? mergeDetail(detail, 'message', message) : detail,
    )
  }
}

/** The words of a template with what fills it; what is missing stays a gap. */
export function filledBody(template: Template, values: readonly string[]): string {
  return template.params.reduce(
    (text, name, index) => text.replaceAll(`{{${name}}}`, values[index]?.trim() || `{{${name}}}`),
    template.body,
  )
}
