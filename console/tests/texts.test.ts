import { describe, expect, it } from 'vitest'
import { es } from '../src/texts/es'
import { words } from '../widget/texts/words'

function sentences(value: unknown, path = 'es'): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String(value('Ana', 'Luis'))]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => sentences(inner, `${path}.${key}`))
}

const sources = import.meta.glob<string>(['../src/**/*.ts', '../src/**/*.tsx', '!../src/texts/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

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
      expect(text, path).not.toMatch(/\b(podés|tenés|hacé|escribí|elegí|probá|abrí|agente IA)\b/i)
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
