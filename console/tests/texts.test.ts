import { describe, expect, it } from 'vitest'
import { en } from '../src/texts/en'
import { es } from '../src/texts/es'
import { toldEvent } from '../src/texts/told'
import { told as english } from '../src/texts/told.en'
import { words } from '../widget/texts/words'

function sentences(value: unknown, path = 'es'): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String(value('Ana', 'Luis', 'Eva', 'Sol', 'Max', 'Kim'))]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => sentences(inner, `${path}.${key}`))
}

const sources = import.meta.glob<string>(['../src/**/*.ts', '../src/**/*.tsx', '!../src/texts/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

const word = (...list: string[]) => new RegExp(`(?<!\\p{L})(?:${list.join('|')})(?!\\p{L})`, 'iu')
const VOSEO = word('podés|tenés|hacé|escribí|elegí|probá|abrí|agente IA')

describe('texts', () => {
  it('are all there, without stray spaces or English words of the code', () => {
    for (const [path, text] of sentences(es)) {
      expect(text.trim(), path).toBe(text)
      expect(text, path).not.toBe('')
      expect(text, path).not.toMatch(/undefined|\b(hold|take over|booking|inbox|agent|bot)\b/i)
    }
  })

  it('speak to staff without voseo and never call the assistant an agent', () => {
    const { demo: _visitors, ...console } = es
    for (const [path, text] of sentences(console)) {
      expect(text, path).not.toMatch(VOSEO)
    }
    expect(words('es').assistant).toBe('Asistente virtual')
  })

  it('live only in src/texts: no Spanish sentence in a component', () => {
    expect(Object.keys(sources).length).toBeGreaterThan(50)
    const found = Object.entries(sources).flatMap(([path, source]) => {
      const code = source.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
      const written = />[^<>{}=]*[áéíóúñ¿¡][^<>{}]*</i.test(code) || /(['"`])[^'"`\n]*[áéíóúñ¿¡][^'"`\n]*\1/i.test(code)
      return written ? [path] : []
    })
    expect(found).toEqual([])
  })
})

const SPANISH = word(
  'el|los|las|una|del|que|con|para|por|sin|más|está|están|qué|cómo|cuándo|esto|esta|este|cliente|llamada|llamadas|reserva|reservas|seña|huésped|agente|asistente|equipo|conversación|guardar|cancelar|ver|nueva|nuevo|todos|todas|hoy|ayer|mañana',
)
const ENGLISH = word(
  'the|and|with|from|this|that|your|customer|customers|call|calls|guest|guests|deposit|deposits|assistant|team|save|cancel|search|settings|yesterday|tomorrow|today|open|closed',
)

/** What a guest or the assistant of a Spanish-speaking house is told keeps the house's language on any screen. */
const OF_THE_HOUSE =
  /^en\.(demo\.demo\.(hotel|site\.(tagline|askSays)|examples\.items)|deposits\.deposits\.reasons|requests\.requests\.doneLine|assistant\.assistant\.trial\.placeholder|queues\.queues\.canned\.variables)/

type Part = Record<string, unknown>
const spanishParts = import.meta.glob<Part>('../src/texts/es.*.ts', { eager: true })
const englishParts = import.meta.glob<Part>('../src/texts/en.*.ts', { eager: true })

/** By the name of the part, whatever of the language the name of the file says. */
function byPart(files: Record<string, Part>): Record<string, Part> {
  return Object.fromEntries(
    Object.entries(files).map(([path, part]) => [path.replace(/^.*\/e[sn]\.|\.ts$/g, ''), part]),
  )
}

function shape(value: unknown): unknown {
  if (typeof value === 'function') return `function of ${value.length}`
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, shape(inner)]),
  )
}

describe('texts in two languages', () => {
  const spanish = byPart(spanishParts)
  const english = byPart(englishParts)

  it('have the same parts and keys, and functions of as many parameters', () => {
    expect(Object.keys(spanish).length).toBeGreaterThan(15)
    expect(shape(english)).toEqual(shape(spanish))
    expect(shape(en)).toEqual(shape(es))
  })

  it('leave nothing of the other language', () => {
    const left = [
      ...sentences(english, 'en').filter(
        ([path, text]) => !OF_THE_HOUSE.test(path) && (/[ñ¿¡«»]/.test(text) || SPANISH.test(text)),
      ),
      ...sentences(spanish, 'es').filter(([, text]) => !/^[a-z_]+$/.test(text) && ENGLISH.test(text)),
    ]
    expect(left).toEqual([])
  })

  it('say everything in English without stray spaces', () => {
    for (const [path, text] of sentences(english, 'en')) {
      expect(text.trim(), path).toBe(text)
      expect(text, path).not.toMatch(/^$|undefined/)
    }
  })
})

describe('what the server tells in the language of the house', () => {
  const line = (event: string, more: Record<string, unknown> = {}) => ({
    text: 'Ana tomó el control',
    author_name: 'Ana',
    meta: { event, ...more },
  })

  it('is told in English with what came along', () => {
    expect(toldEvent(line('took_over'), english)).toBe('Ana took over')
    expect(toldEvent(line('handed_back', { note: 'Wants the suite.' }), english)).toBe(
      'Ana handed the conversation back to the assistant. Wants the suite.',
    )
    expect(toldEvent(line('asked_for_person', { reason: 'money', said: { why: 'Tiene un problema.' } }), english)).toBe(
      'The assistant asked for a person. Has a problem with a payment.',
    )
    expect(toldEvent(line('prioritised', { said: { priority: 'alta' } }), english)).toBe(
      'Ana changed the priority to high',
    )
  })

  it('stays as it came where something is missing, and in the language of the house', () => {
    expect(toldEvent(line('hold_expired'), english)).toBe('Ana tomó el control')
    expect(toldEvent(line('something_new'), english)).toBe('Ana tomó el control')
    expect(toldEvent(line('took_over'))).toBe('Ana tomó el control')
  })
})
