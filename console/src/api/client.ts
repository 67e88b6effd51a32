// The one place that calls the server over HTTP. It adds what every write needs and turns failures into ApiError.

import { asking } from '../texts/language'
import { learnClock } from './clock'
import type { ErrorBody } from './schema'

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message)
  }

  /** Whether trying again later may help: no answer, too many, or the server's own fault. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || (this.status >= 500 && this.status !== 501)
  }

  /** Whether this server has no such thing, rather than not this one. */
  get absent(): boolean {
    return this.status === 404 || this.status === 405 || this.status === 501
  }
}

type Options = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  keepalive?: boolean
  body?: unknown
  /** Instead of `body`: files. */
  form?: FormData
  signal?: AbortSignal | undefined
}

export type Answer<T> = { status: number; data: T }

/** An answer that is not a refusal, whatever is in it. */
export async function answer(path: string, options: Options = {}): Promise<Response> {
  const method = options.method ?? 'GET'
  const headers: Record<string, string> = { accept: 'application/json', ...asking }
  if (method !== 'GET') headers['x-requested-with'] = 'relevo'
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      body: options.form ?? (options.body === undefined ? null : JSON.stringify(options.body)),
      signal: options.signal ?? null,
      keepalive: options.keepalive ?? false,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'unreachable', '')
  }
  learnClock(response.headers.get('date'))
  if (!response.ok) throw toError(response.status, parse(await response.text()))
  return response
}

export async function call<T>(path: string, options: Options = {}): Promise<Answer<T>> {
  const response = await answer(path, options)
  return { status: response.status, data: parse(await response.text()) as T }
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await call<T>(path, { signal })).data
}

export async function post<T>(path: string, body?: unknown): Promise<T> {
  return (await call<T>(path, { method: 'POST', body: body ?? {} })).data
}

export async function put<T>(path: string, body: unknown): Promise<T> {
  return (await call<T>(path, { method: 'PUT', body })).data
}

function parse(text: string): unknown {
  if (!text) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function toError(status: number, data: unknown): ApiError {
  const error = (data as Partial<ErrorBody> | null)?.error
  return new ApiError(status, error?.code ?? 'unknown', error?.message ?? '', error?.details ?? {})
}
