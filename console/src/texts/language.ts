// The language of the console: Spanish unless whoever works in this browser chose English. Chosen once per page load,
// so that no sentence on the screen is of two languages; English comes on its own, and Spanish pays nothing for it.

export type Language = 'es' | 'en'

const KEPT = 'relevo.language'

function chosen(): Language {
  try {
    return localStorage.getItem(KEPT) === 'en' ? 'en' : 'es'
  } catch {
    return 'es'
  }
}

export const language: Language = chosen()

/** Keeps the choice and loads the page again in it. */
export function speak(next: Language): void {
  localStorage.setItem(KEPT, next)
  location.reload()
}

/** `spanish`, or what `english` loads where that is the language. Both have the same keys, or it does not compile. */
export async function inLanguage<T>(spanish: T, english: () => Promise<T>): Promise<T> {
  return language === 'en' ? english() : spanish
}
