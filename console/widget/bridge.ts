// What the site's page and the chat's page say to each other. Both check who sent it before they look at it.

export type ToFrame =
  /** `quiet`: nobody asked for it, so the keyboard stays where it is. */
  | { relevo: 1; type: 'open'; quiet: boolean }
  | { relevo: 1; type: 'close' }
  | { relevo: 1; type: 'ask'; text: string }
  | { relevo: 1; type: 'identify'; jwt: string }
  | { relevo: 1; type: 'kept'; value: string }

export type FromFrame =
  | { relevo: 1; type: 'ready' }
  | { relevo: 1; type: 'close' }
  | { relevo: 1; type: 'unread'; count: number }
  /** Where the browser lets a frame of another site keep nothing, the site's own storage does; null: no more. */
  | { relevo: 1; type: 'keep'; value: string | null }

function fields(data: unknown): Record<string, unknown> | null {
  if (typeof data !== 'object' || data === null) return null
  const known = data as Record<string, unknown>
  return known.relevo === 1 ? known : null
}

export function isFromFrame(data: unknown): data is FromFrame {
  const known = fields(data)
  if (known?.type === 'unread') return Number.isInteger(known.count)
  if (known?.type === 'keep') return typeof known.value === 'string' || known.value === null
  return known?.type === 'ready' || known?.type === 'close'
}

export function isToFrame(data: unknown): data is ToFrame {
  const known = fields(data)
  if (known?.type === 'ask') return typeof known.text === 'string'
  if (known?.type === 'kept') return typeof known.value === 'string'
  if (known?.type === 'identify') return typeof known.jwt === 'string'
  return known?.type === 'open' || known?.type === 'close'
}
