import { describe, expect, it } from 'vitest'
import { recordingQuery } from '../src/api/recordings'
import { clampTime, downloadSize, lanePath, sentenceAt, sizeText, timeAfterKey } from '../src/ui/recordings/wave'

describe('the player', () => {
  it('goes where the keys say, within the recording', () => {
    expect(timeAfterKey('ArrowRight', 58, 60)).toBe(60)
    expect(timeAfterKey('ArrowLeft', 3, 60)).toBe(0)
    expect(timeAfterKey('PageDown', 45, 60)).toBe(15)
    expect(timeAfterKey('Home', 45, 60)).toBe(0)
    expect(timeAfterKey('End', 45, 60)).toBe(60)
    expect(timeAfterKey('a', 45, 60)).toBeNull()
    expect(clampTime(-3, -1)).toBe(0)
  })

  it('draws a lane around its middle, never outside it', () => {
    expect(lanePath([], 25, 22)).toBe('')
    expect(lanePath([0, 1, 4], 25, 22)).toBe('M0 24.6L1 3L2 3L2 47L1 47L0 25.4Z')
  })

  it('knows the sentence of a moment', () => {
    const sentence = (at_ms: number) => ({ at_ms, end_ms: at_ms + 900, author: 'bot' as const, name: null, text: 'x' })
    const transcript = [sentence(1_000), sentence(3_000)]
    expect([0, 1, 2.9, 2.96, 99].map(at => sentenceAt(transcript, at))).toEqual([-1, 0, 0, 1, 1])
  })

  it('tells what a download weighs', () => {
    expect(sizeText(downloadSize(60, 'wav', 8_000))).toBe('1,9 MB')
    expect(sizeText(downloadSize(60, 'opus', 8_000))).toBe('0,2 MB')
    expect(sizeText(400)).toBe('1 kB')
  })
})

describe('the search', () => {
  it('asks only for what was filled in', () => {
    expect(recordingQuery({ text: ' seña ', person: '', from: '2026-11-01' })).toBe('text=se%C3%B1a&from=2026-11-01')
  })
})
