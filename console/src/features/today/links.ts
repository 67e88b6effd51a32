/** Only a place of this console is followed, and this page is no place to go to from itself. Pure. */
export function insideLink(link: string | null): string | null {
  if (!link || !/^\/[a-z]/i.test(link) || link.includes('\\')) return null
  return link === '/hoy' ? null : link
}
