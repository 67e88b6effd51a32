// The language of the console: Spanish unless whoever works in this browser chose English. Chosen once per page load,
// so that no sentence on the screen is of two languages; English comes on its own, and Spanish pays nothing for it.

export type Language = 'es' | 'en'

const KEPT = 'relevo.language'
const COUNTRY = 'relevo.country'
const BASE = 'AR'

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export const language: Language = kept(KEPT) === 'en' ? 'en' : 'es'

/** Where the house is, as its server said when somebody last signed in here: words and money are written as there. */
export const country: string = /^[A-Z]{2}$/.test(kept(COUNTRY) ?? '') ? (kept(COUNTRY) ?? BASE) : BASE

/** How dates are written and names sorted. */
export const locale = language === 'en' ? 'en-GB' : 'es'

/** How amounts and counts are written. */
export const numberLocale = language === 'en' ? 'en-GB' : `es-${country}`

/** What requests say beside what the browser says by itself; nothing where that is right already. */
export const asking: Record<string, string> =
  typeof navigator !== 'undefined' && navigator.language.startsWith(language) ? {} : { 'accept-language': language }

/** Keeps the choice and loads the page again in it. */
export function speak(next: Language): void {
  if (next === language) return
  localStorage.setItem(KEPT, next)
  location.reload()
}

/** Keeps where the house is. Says whether this page was loaded with the words of another country. */
export function settle(where: string | undefined): boolean {
  if (!where || where === country) return false
  try {
    localStorage.setItem(COUNTRY, where)
  } catch {
    return false
  }
  return language === 'es'
}

/**
 * `spanish` as it is said where the house is, or what `english` loads where that is the language. Both have the same
 * keys, or it does not compile.
 */
export async function inLanguage<T>(spanish: T, english: () => Promise<T>): Promise<T> {
  if (language === 'en') return english()
  return country === BASE ? spanish : (await import('./country')).inWords(spanish, country)
}
