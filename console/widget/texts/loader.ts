// The few words of the button, apart from those of the chat: every visitor of the site loads them.

export type Language = 'es' | 'es_AR' | 'en'

const WORDS = {
  es: {
    open: 'Abrir el chat',
    close: 'Cerrar el chat',
    title: 'Chat',
    unread: (count: number) =>
      count === 1 ? 'Abrir el chat: un mensaje nuevo' : `Abrir el chat: ${count} mensajes nuevos`,
  },
  en: {
    open: 'Open the chat',
    close: 'Close the chat',
    title: 'Chat',
    unread: (count: number) =>
      count === 1 ? 'Open the chat: one new message' : `Open the chat: ${count} new messages`,
  },
}

/** The nearest of ours: Spanish where nothing fits, rioplatense for Argentina and Uruguay. */
export function language(wanted: string): Language {
  const [tongue, country = ''] = wanted.replace('-', '_').split('_')
  if (tongue?.toLowerCase() === 'en') return 'en'
  return tongue?.toLowerCase() === 'es' && ['AR', 'UY'].includes(country.toUpperCase()) ? 'es_AR' : 'es'
}

export function loaderTexts(locale: Language) {
  return locale === 'en' ? WORDS.en : WORDS.es
}

/** Of somebody who says only which language, the house knows which country's. */
export function spoken(wanted: string, house: string): Language {
  const bare = /^[a-z]+$/i.test(wanted) && wanted.slice(0, 2).toLowerCase() === house.slice(0, 2).toLowerCase()
  return language(bare ? house : wanted)
}
