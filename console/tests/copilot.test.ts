import { expect, test } from 'vitest'
import { type CopilotEvent, NOTHING, written } from '../src/api/copilot'

const after = (...events: CopilotEvent[]) => events.reduce(written, NOTHING)

test('a suggestion grows in its place, and one that was dropped leaves it to the next', () => {
  const begun = after(
    { type: 'started', model: 'ollama:llama3' },
    { type: 'text', index: 0, text: 'Claro,' },
    { type: 'dropped', index: 0, text: '' },
    { type: 'text', index: 0, text: 'Gracias,' },
    { type: 'done', index: 0, text: 'Gracias, Ana.' },
    { type: 'text', index: 1, text: 'Si' },
  )
  expect(begun.running).toBe(true)
  expect(begun.lines.map(line => line.text)).toEqual(['Gracias, Ana.', 'Si'])
  const ended = written(begun, { type: 'end', code: 'llm_slow', message: 'Tardó.' })
  expect(ended).toEqual({ lines: [{ text: 'Gracias, Ana.', done: true }], running: false, message: 'Tardó.' })
})
