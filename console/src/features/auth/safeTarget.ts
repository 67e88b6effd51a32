/** Where to go after signing in: a path of this console, never another site and never the sign-in page itself. */
export function safeTarget(from: string | undefined): string | null {
  if (!from?.startsWith('/') || from.startsWith('//') || from.includes('\\')) return null
  return from === '/' || from.startsWith('/entrar') ? null : from
}
