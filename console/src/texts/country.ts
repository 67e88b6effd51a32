// How the same Spanish is said where the house is. The base is that of the River Plate; only what differs is here:
// words of the same gender one for another, and whole sentences where the gender of a word changes theirs.

type Term = readonly [RegExp, string]

const HERE: readonly Term[] = [
  [/(?<!\p{L})acá(?!\p{L})/gu, 'aquí'],
  [/(?<!\p{L})Acá(?!\p{L})/gu, 'Aquí'],
]

const SPAIN: readonly Term[] = [
  [/(?<!\p{L})señas(?!\p{L})/gu, 'señales'],
  [/(?<!\p{L})Señas(?!\p{L})/gu, 'Señales'],
  [/(?<!\p{L})seña(?!\p{L})/gu, 'señal'],
  [/(?<!\p{L})Seña(?!\p{L})/gu, 'Señal'],
  [/(?<!\p{L})voucher(?!\p{L})/gu, 'bono'],
  [/(?<!\p{L})Voucher(?!\p{L})/gu, 'Bono'],
  [/(?<!\p{L})celular/gu, 'móvil'],
  [/(?<!\p{L})Celular/gu, 'Móvil'],
  ...HERE,
]

const AFTER = 'pedid|abiert|complet|confirmad|recibid|rechazad|devuelt|anotad'

/** *Anticipo* is masculine: what goes with it goes with it. */
const ADVANCE: readonly Term[] = [
  [/(?<!\p{L})([Dd])e la seña(?!\p{L})/gu, '$1el anticipo'],
  [/(?<!\p{L})([Aa]) la seña(?!\p{L})/gu, '$1l anticipo'],
  [/(?<!\p{L})la seña(?!\p{L})/gu, 'el anticipo'],
  [/(?<!\p{L})La seña(?!\p{L})/gu, 'El anticipo'],
  [/(?<!\p{L})([Uu]n|[Nn]ingun)a seña(?!\p{L})/gu, '$1 anticipo'],
  [/ningun anticipo/g, 'ningún anticipo'],
  [/Ningun anticipo/g, 'Ningún anticipo'],
  [/(?<!\p{L})([Ee])(sa|sta) seña(?!\p{L})/gu, '$1ste anticipo'],
  [/(?<!\p{L})([Oo]tr)a seña(?!\p{L})/gu, '$1o anticipo'],
  [/(?<!\p{L})las señas(?!\p{L})/gu, 'los anticipos'],
  [/(?<!\p{L})Las señas(?!\p{L})/gu, 'Los anticipos'],
  [/(?<!\p{L})seña(s?)(?!\p{L})/gu, 'anticipo$1'],
  [/(?<!\p{L})Seña(s?)(?!\p{L})/gu, 'Anticipo$1'],
  [new RegExp(`(nticipos?(?: queda| sigue| quedó)?) (${AFTER})a(s?)(?!\\p{L})`, 'gu'), '$1 $2o$3'],
  [/^(Anticipo de .+ confirmad)a\./u, '$1o.'],
  ...HERE,
]

/** A place of a text that is filled in keeps its name. */
const MEXICO: readonly Term[] = [
  ...ADVANCE,
  [/(?<![\p{L}{])reservas(?![\p{L}}])/gu, 'reservaciones'],
  [/(?<![\p{L}{])Reservas(?![\p{L}}])/gu, 'Reservaciones'],
  [/(?<![\p{L}{])reserva(?![\p{L}}])/gu, 'reservación'],
  [/(?<![\p{L}{])Reserva(?![\p{L}}])/gu, 'Reservación'],
]

/** Sentences about a deposit that does not name it. */
const OF_ADVANCES: Readonly<Record<string, string>> = {
  pedida: 'pedido',
  'recibida, por verificar': 'recibido, por verificar',
  confirmada: 'confirmado',
  rechazada: 'rechazado',
  devuelta: 'devuelto',
  'Acá quedan las que se pagaron y no terminaron en una estadía.':
    'Aquí quedan los que se pagaron y no terminaron en una estadía.',
}

type Words = { terms: readonly Term[]; sentences: Readonly<Record<string, string>> }

const RIVER_PLATE = new Set(['AR', 'UY', 'PY'])
const NONE: Words = { terms: [], sentences: {} }

function wordsOf(country: string): Words {
  if (RIVER_PLATE.has(country)) return NONE
  if (country === 'ES') return { terms: SPAIN, sentences: {} }
  return { terms: country === 'MX' ? MEXICO : ADVANCE, sentences: OF_ADVANCES }
}

/** `texts` as they are said in `country`: the same keys, functions of as many parameters. */
export function inWords<T>(texts: T, country: string): T {
  const words = wordsOf(country)
  return words === NONE ? texts : (said(texts, words) as T)
}

function said(value: unknown, words: Words): unknown {
  if (typeof value === 'string') return sentence(value, words)
  if (typeof value === 'function') {
    const spoken = (...given: unknown[]) => sentence(String(value(...given)), words)
    return Object.defineProperty(spoken, 'length', { value: value.length })
  }
  if (Array.isArray(value)) return value.map(each => said(each, words))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, said(inner, words)]))
}

function sentence(text: string, words: Words): string {
  return words.sentences[text] ?? words.terms.reduce((so, [word, here]) => so.replace(word, here), text)
}
