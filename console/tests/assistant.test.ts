import { describe, expect, it } from 'vitest'
import { offered, pointAt } from '../src/api/assistant'
import { tabOf } from '../src/features/assistant/tabs'

describe('assistant', () => {
  it('offers what the customer picked first, then the likeliest, each once', () => {
    const likely = ['queja', 'saludo', 'ayuda', 'negar'].map(intent => ({ intent, confidence: 0.2 }))
    expect(offered({ meant: 'ayuda', likely })).toEqual(['ayuda', 'queja', 'saludo', 'negar'])
    expect(offered({ meant: null, likely }, 2)).toEqual(['queja', 'saludo'])
  })

  it('reads the curve at the nearest threshold', () => {
    const curve = [0.2, 0.4, 0.6].map(threshold => ({ threshold, acted: 1 - threshold, right: threshold }))
    expect(pointAt(curve, 0.47)?.threshold).toBe(0.4)
    expect(pointAt(curve, 0.8)?.threshold).toBe(0.6)
    expect(pointAt([], 0.4)).toBeNull()
  })

  it('opens the first tab for a name it does not know', () => {
    expect(tabOf('topics')).toBe('topics')
    expect(tabOf('../x')).toBe('phrases')
  })
})
