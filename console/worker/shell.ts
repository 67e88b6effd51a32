// Which requests the worker answers and how. What is about customers is never one of them: it is not kept here.

export type Way = 'ignore' | 'asset' | 'file' | 'page'

const NOT_OURS = [
  '/api', '/recordings', '/health', '/twilio', '/browser-call', '/agent-voice-stream', '/loopback', '/demo', '/widget',
  '/widget.js', '/sw.js',
] // biome-ignore format: a list of words

/** `page`: an address of the console; `asset`: never changes under its name; `file`: changes with the build. */
export function wayOf(request: Pick<Request, 'method' | 'url' | 'mode'>, origin: string): Way {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== origin) return 'ignore'
  const path = url.pathname
  if (NOT_OURS.some(each => path === each || path.startsWith(`${each}/`))) return 'ignore'
  if (path.startsWith('/assets/')) return 'asset'
  if (request.mode === 'navigate') return 'page'
  return /^\/(icons\/[\w.-]+|icon\.svg|scheme\.js|manifest\.webmanifest)$/.test(path) ? 'file' : 'ignore'
}

export const SHELL = 'relevo-shell-'
export const ASSETS = 'relevo-assets'
/** So many files of screens are kept; of those that were fetched longest ago there are newer ones. */
export const MOST_ASSETS = 160

/** Caches of ours that nobody needs any more. */
export function staleCaches(names: readonly string[], build: string): string[] {
  return names.filter(name => name.startsWith('relevo-') && name !== ASSETS && name !== SHELL + build)
}
