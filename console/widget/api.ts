// Requests of the chat: opening a session, files, and what the socket does where a network lets no socket through.

import type { Frame, Order, Session } from './wire'

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
  }

  /** Whether the session is over, rather than the network bad. */
  get lost(): boolean {
    return this.status === 401 || this.status === 404
  }
}

const SESSIONS = '/api/webchat/sessions'

async function ask<T>(path: string, options: RequestInit & { token?: string } = {}): Promise<T> {
  const headers = new Headers({ accept: 'application/json' })
  if (typeof options.body === 'string') headers.set('content-type', 'application/json')
  if (options.token) headers.set('authorization', `Bearer ${options.token}`)
  let answer: Response
  try {
    answer = await fetch(path, { ...options, headers, credentials: 'omit' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Refused(0, 'unreachable', '')
  }
  const data = (await answer.json().catch(() => null)) as { error?: { code?: string; message?: string } } | null
  if (!answer.ok) throw new Refused(answer.status, data?.error?.code ?? 'unknown', data?.error?.message ?? '')
  return data as T
}

export function openSession(start: {
  key: string
  embed: string
  locale: string
  page: { url: string; title: string; referrer: string }
  identity?: string
}): Promise<Session> {
  return ask<Session>(SESSIONS, { method: 'POST', body: JSON.stringify(start) })
}

export function put(session: Session, order: Order): Promise<{ frames: Frame[] }> {
  const body = JSON.stringify({ v: 1, ...order })
  return ask(`${of(session)}/frames`, { method: 'POST', body, token: session.token })
}

export function events(
  session: Session,
  after: number,
  wait: boolean,
  signal: AbortSignal,
): Promise<{ frames: Frame[]; last_seq: number }> {
  const query = `after=${after}${wait ? '&wait=1' : ''}`
  return ask(`${of(session)}/events?${query}`, { token: session.token, signal })
}

export function sendFile(session: Session, file: File, clientId: string, text = ''): Promise<{ id: string }> {
  const form = new FormData()
  form.set('file', file)
  form.set('client_id', clientId)
  if (text) form.set('text', text)
  return ask(`${of(session)}/attachments`, { method: 'POST', body: form, token: session.token })
}

export async function fileUrl(session: Session, id: string): Promise<string> {
  const headers = { authorization: `Bearer ${session.token}` }
  const answer = await fetch(`${of(session)}/attachments/${encodeURIComponent(id)}`, { headers, credentials: 'omit' })
  if (!answer.ok) throw new Refused(answer.status, 'no_attachment', '')
  return URL.createObjectURL(await answer.blob())
}

function of(session: Session): string {
  return `${SESSIONS}/${encodeURIComponent(session.id)}`
}
