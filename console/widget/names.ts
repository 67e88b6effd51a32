// Names of things: of a message that is on its way, and of whom a site's token speaks.

/** Whom a token speaks of. Only to tell two visitors of one browser apart: the server is who checks it. */
export function subject(jwt: string): string {
  try {
    const claims = JSON.parse(atob((jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')))
    return String((claims as { sub?: unknown }).sub ?? '')
  } catch {
    return ''
  }
}

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `w-${Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')}`
}
