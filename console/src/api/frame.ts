// What comes over the live socket, as far as it can be trusted.

/** `after`: the number told before, where what is others' is left out. */
export type Frame = { type?: string; topic?: string; seq?: number; after?: number; kind?: string; data?: unknown }

export function decode(raw: unknown): Frame | null {
  if (typeof raw !== 'string') return null
  try {
    const frame: unknown = JSON.parse(raw)
    return typeof frame === 'object' && frame !== null ? (frame as Frame) : null
  } catch {
    return null
  }
}
