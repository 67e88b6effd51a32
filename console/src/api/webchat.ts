// The visitor's side of the web chat: a session with its own token, never the staff cookie's rights.

import { upload } from './attachments'
import { type Answer, call } from './client'
import type { Attachment, ChatMessage, ChatReply, ChatSession } from './schema'

export function openSession(): Promise<Answer<ChatSession>> {
  return call<ChatSession>('/api/webchat/sessions', { method: 'POST', body: {} })
}

export type Credentials = { id: string; token: string }

/** The assistant's replies, or null when nobody has answered yet (a person may hold the conversation). */
export async function say(session: Credentials, text: string, clientId: string): Promise<ChatReply[] | null> {
  const answer = await call<{ replies?: ChatReply[] }>(`${path(session)}?wait=1`, {
    method: 'POST',
    body: { text, client_id: clientId },
    token: session.token,
  })
  return answer.data?.replies ?? null
}

export async function messagesAfter(
  session: Credentials,
  after: string | null,
  signal?: AbortSignal,
): Promise<{ items: ChatMessage[]; last: string | null }> {
  const query = after === null ? '' : `?after=${encodeURIComponent(after)}`
  return (
    await call<{ items: ChatMessage[]; last: string | null }>(path(session) + query, { token: session.token, signal })
  ).data
}

export function sendFile(
  session: Credentials,
  file: File,
  clientId: string,
): Promise<{ id: string; attachments?: Attachment[] }> {
  return upload(path(session, 'attachments'), file, { client_id: clientId }, session.token)
}

export function ownFileUrl(session: Credentials, id: string): string {
  return `${path(session, 'attachments')}/${encodeURIComponent(id)}`
}

function path(session: Credentials, what = 'messages'): string {
  return `/api/webchat/sessions/${encodeURIComponent(session.id)}/${what}`
}
