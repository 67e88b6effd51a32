import { describe, expect, it } from 'vitest'
import { PlayQueue } from '../src/audio/playQueue'
import { countsOf, qualityOf } from '../src/audio/quality'
import { readSettings, writeSettings } from '../src/audio/voiceSettings'
import { IDLE, step, type VoiceEvent, type VoiceState, waitBefore } from '../src/audio/voiceState'
import { preferPcmu } from '../src/audio/webrtcVoice'

function onto(state: VoiceState, ...events: VoiceEvent[]) {
  let last = step(state, { type: 'connected' })
  for (const event of events) {
    last = step(state, event)
    state = last.state
  }
  return last
}

const wanted: VoiceEvent = { type: 'wanted' }
const microphone: VoiceEvent = { type: 'microphone', by: 'webrtc' }
const connected: VoiceEvent = { type: 'connected' }
const lost: VoiceEvent = { type: 'lost' }

describe('the agent voice', () => {
  it('asks for the microphone, connects and is on', () => {
    expect(onto(IDLE, wanted)).toEqual({ state: { name: 'asking' }, effects: [{ do: 'open_microphone' }] })
    expect(onto(IDLE, wanted, microphone)).toEqual({
      state: { name: 'connecting', by: 'webrtc', tries: 0 },
      effects: [{ do: 'connect', by: 'webrtc', after: 0 }],
    })
    expect(onto(IDLE, wanted, microphone, connected)).toEqual({ state: { name: 'on', by: 'webrtc' }, effects: [] })
  })

  it('goes over the WebSocket at once when WebRTC does not come about', () => {
    const fallen = onto(IDLE, wanted, microphone, lost)
    expect(fallen.state).toEqual({ name: 'connecting', by: 'websocket', tries: 1 })
    expect(fallen.effects).toEqual([{ do: 'connect', by: 'websocket', after: 0 }])
  })

  it('gives up the first connection after a few tries, with what to say about it', () => {
    const given = onto(IDLE, wanted, microphone, lost, lost, lost, lost)
    expect(given).toEqual({ state: { name: 'failed', why: 'line' }, effects: [{ do: 'close' }] })
  })

  it('comes back the way it was connected, and keeps trying both ways with growing waits', () => {
    const broken = onto({ name: 'on', by: 'websocket' }, lost)
    expect(broken.state).toEqual({ name: 'reconnecting', by: 'websocket', tries: 0 })
    expect(broken.effects).toEqual([{ do: 'connect', by: 'websocket', after: 0 }])
    expect(onto({ name: 'on', by: 'webrtc' }, lost, lost, lost).state).toEqual({
      name: 'reconnecting',
      by: 'webrtc',
      tries: 2,
    })
    expect([0, 1, 2, 3, 4, 6, 20].map(waitBefore)).toEqual([0, 0, 500, 0, 1_000, 2_000, 15_000])
    expect(onto({ name: 'reconnecting', by: 'webrtc', tries: 9 }, connected).state.name).toBe('on')
  })

  it('tries at once when the network is back', () => {
    const woken = onto({ name: 'reconnecting', by: 'websocket', tries: 7 }, wanted)
    expect(woken.effects).toEqual([{ do: 'connect', by: 'websocket', after: 0 }])
  })

  it('tells a refused microphone from a missing one and from the rest, and lets one try again', () => {
    const names = (['denied', 'missing', 'busy', 'insecure', 'unsupported'] as const).map(
      trouble => onto(IDLE, wanted, { type: 'trouble', trouble }).state,
    )
    expect(names).toEqual([
      { name: 'denied' },
      { name: 'missing' },
      { name: 'failed', why: 'busy' },
      { name: 'failed', why: 'insecure' },
      { name: 'failed', why: 'unsupported' },
    ])
    for (const state of names) expect(onto(state, wanted).state).toEqual({ name: 'asking' })
  })

  it('yields to another window and never fights for the voice', () => {
    const yielded = onto({ name: 'on', by: 'webrtc' }, { type: 'elsewhere' })
    expect(yielded).toEqual({ state: { name: 'idle', elsewhere: true }, effects: [{ do: 'close' }] })
    expect(onto(yielded.state, lost)).toEqual({ state: yielded.state, effects: [] })
    expect(onto({ name: 'denied' }, { type: 'elsewhere' }).state).toEqual({ name: 'denied' })
  })

  it('does nothing on what comes too late', () => {
    for (const event of [connected, lost, microphone, { type: 'refused' } as const]) {
      expect(onto(IDLE, event)).toEqual({ state: IDLE, effects: [] })
    }
    expect(onto(IDLE, { type: 'trouble', trouble: 'denied' }).state).toEqual(IDLE)
    expect(onto({ name: 'on', by: 'webrtc' }, wanted).effects).toEqual([])
  })

  it('does not insist when the server refuses', () => {
    expect(onto(IDLE, wanted, microphone, { type: 'refused' }).state).toEqual({ name: 'failed', why: 'refused' })
  })
})

describe('quality of the line', () => {
  const counts = { received: 0, lost: 0, jitterMs: 10, roundTripMs: 40 }

  it('counts only what happened between two looks', () => {
    const before = { ...counts, received: 900, lost: 100 }
    expect(qualityOf(before, { ...before, received: 1_000 })).toMatchObject({ grade: 'good', lossPercent: 0 })
    expect(qualityOf(before, { ...before, received: 995, lost: 105 })).toMatchObject({ grade: 'fair', lossPercent: 5 })
    expect(qualityOf(before, { ...before, received: 980, lost: 120 }).grade).toBe('poor')
    expect(qualityOf(before, { ...before, roundTripMs: 500 }).grade).toBe('poor')
    expect(qualityOf(before, before).lossPercent).toBe(0)
  })

  it('reads them from the browser', () => {
    expect(
      countsOf([
        { type: 'inbound-rtp', kind: 'audio', packetsReceived: 50, packetsLost: 2, jitter: 0.012 },
        { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.031 },
        { type: 'candidate-pair', nominated: false, state: 'failed', currentRoundTripTime: 9 },
      ]),
    ).toEqual({ received: 50, lost: 2, jitterMs: 12, roundTripMs: 31 })
  })
})

describe('voice settings', () => {
  it('prefer the codec of the telephone and keep the rest', () => {
    const names = ['audio/opus', 'audio/telephone-event', 'audio/PCMU', 'audio/G722']
    expect(preferPcmu(names.map(mimeType => ({ mimeType }))).map(codec => codec.mimeType)).toEqual([
      'audio/PCMU',
      'audio/opus',
      'audio/telephone-event',
      'audio/G722',
    ])
  })

  it('are remembered, and are harmless when broken', () => {
    const saved = new Map<string, string>()
    const store = {
      getItem: (key: string) => saved.get(key) ?? null,
      setItem: (k: string, v: string) => saved.set(k, v),
    }
    writeSettings(store as never, { on: true, microphone: 'm', speaker: 's' })
    expect(readSettings(store as never)).toEqual({ on: true, microphone: 'm', speaker: 's' })
    saved.set('relevo.voice', '{"on":1,"microphone":7')
    expect(readSettings(store as never)).toEqual({ on: false, microphone: '', speaker: '' })
    expect(readSettings(null)).toEqual({ on: false, microphone: '', speaker: '' })
  })
})

describe('late sound', () => {
  it('drops the oldest and passes the marks that were in it', () => {
    const queue = new PlayQueue()
    queue.push(new Float32Array(100).fill(0.1))
    queue.mark('first')
    queue.push(new Float32Array(100).fill(0.2))
    expect(queue.trim(50)).toEqual(['first'])
    expect(queue.length).toBe(50)
    const output = new Float32Array(60)
    queue.pull(output)
    expect(output[49]).toBeCloseTo(0.2)
    expect(output[50]).toBe(0)
    expect(queue.trim(10)).toEqual([])
  })
})
