import { describe, expect, it } from 'vitest'
import { callRights, deedOf, expected, presentCall, ringFor, roleIn, Throttle, voiceOf } from '../src/api/callState'
import { ApiError } from '../src/api/client'
import { lostBetween } from '../src/api/lostCall'
import { mergeActiveCall, mergeEphemeral, NOTHING_EPHEMERAL } from '../src/api/merge'
import type { DeskPerson } from '../src/api/schema'
import { seatAfter } from '../src/api/seat'
import { deskSections, waitAge } from '../src/features/calls/deskSections'
import { deskWord, reachable, transferTargets } from '../src/features/calls/targets'
import { helpCalls, roomCounts, roomOrder } from '../src/features/room/rooms'
import { texts } from '../src/texts'
import { whyNot } from '../src/ui/calls/useTakeCall'
import { alsoPresent, callSource, heard, presence } from '../src/ui/calls/words'
import { isPhone, voiceTone, voiceWord } from '../src/ui/voice/words'
import { call, callVoice, user } from './samples'

const ME = 'stf_1'
const JULIAN = { id: 'stf_2', name: 'Julián' }
const AT = '2026-11-21T12:01:00Z'
const mine = call({ id: 'mine', control: 'agent', agent: { id: ME, name: 'Marta' } })
const theirs = call({ id: 'theirs', control: 'agent', agent: JULIAN })
const agent = user({ permissions: ['see_calls', 'answer', 'hang_up'] })
const supervisor = user({ id: 'stf_9', permissions: ['answer', 'hang_up', 'take_from_colleague', 'listen'] })

describe('the call desk', () => {
  const ring = { to: { id: ME, name: 'Marta' }, from: JULIAN, kind: 'blind' as const, at: AT }
  const ringing = call({ id: 'ring', control: 'agent', agent: JULIAN, voice: callVoice({ ringing: [ring] }) })
  const joined = call({
    id: 'joined',
    control: 'agent',
    agent: JULIAN,
    voice: callVoice({ people: [{ id: ME, name: 'Marta', role: 'consult' }] }),
  })

  it('puts every call in one place, the most pressing first and the longest wait on top', () => {
    const late = call({ id: 'late', control: 'queued', queued_at: '2026-11-21T11:50:00Z' })
    const soon = call({ id: 'soon', control: 'queued' })
    const made = deskSections(
      [soon, mine, theirs, ringing, joined, late, call({ id: 'bot' }), call({ id: 'over', status: 'ended' })],
      ME,
    )
    const ids = Object.fromEntries(Object.entries(made).map(([name, items]) => [name, items.map(item => item.id)]))
    expect(ids).toEqual({
      ringing: ['ring'],
      queued: ['late', 'soon'],
      mine: ['mine', 'joined'],
      bot: ['bot'],
      others: ['theirs'],
    })
    expect([5, 60, 179, 180].map(waitAge)).toEqual(['fresh', 'long', 'long', 'late'])
  })

  it('knows which call one is in and which rings', () => {
    expect(ringFor(ringing, ME)).toEqual(ring)
    expect(ringFor(ringing, 'stf_9')).toBeNull()
    expect(roleIn(joined, ME)).toBe('consult')
    expect(presentCall([joined, mine], ME)?.id).toBe('mine')
    expect(presentCall([theirs], ME)).toBeNull()
    const speaking = { ...mine, id: 'now', voice: callVoice({ people: [{ id: ME, name: 'Marta', role: 'agent' }] }) }
    expect(presentCall([mine, speaking], ME)?.id).toBe('now')
  })

  it('remembers where one listens unseen', () => {
    const seat = seatAfter(null, 'theirs', { path: 'listen', body: { mode: 'whisper' } })
    expect(roleIn(theirs, ME, seat)).toBe('whisper')
    expect(presentCall([mine, theirs], 'stf_9', seat)?.id).toBe('theirs')
    expect(seatAfter(seat, 'mine', { path: 'leave' })).toEqual(seat)
    expect(seatAfter(seat, 'theirs', { path: 'leave' })).toBeNull()
  })

  it('offers only what a person may do', () => {
    expect(callRights(mine, agent)).toEqual({ take: false, handBack: true, operate: true, listen: false, hangUp: true })
    expect(callRights(theirs, agent)).toMatchObject({ take: false, operate: false, listen: false })
    expect(callRights(theirs, supervisor)).toMatchObject({ take: true, handBack: true, operate: true, listen: true })
    expect(callRights(call(), agent)).toMatchObject({ take: true, operate: false })
    expect(callRights(call({ status: 'ended' }), supervisor)).toMatchObject({
      take: false,
      listen: false,
      hangUp: false,
    })
    expect(callRights(call(), user({ permissions: ['see_calls'] })).take).toBe(false)
  })
})

describe('a deed on a call', () => {
  const held = { ...mine, voice: callVoice({ source: 'agent', agent_voice: 'on' }) }

  it('shows at once what is safe to show', () => {
    expect(expected(held, { path: 'hold', body: { on: true } }).voice).toMatchObject({ on_hold: true, source: 'hold' })
    expect(expected(held, { path: 'hold', body: { on: false } }).voice?.source).toBe('agent')
    expect(expected(held, { path: 'mute', body: { on: true } }).voice?.muted).toBe(true)
    expect(expected(held, { path: 'record', body: { paused: true } }).voice?.recording).toBe('paused')
    const off = { ...held, voice: callVoice({ recording: 'off' }) }
    expect(expected(off, { path: 'record', body: { paused: false } }).voice?.recording).toBe('off')
    for (const path of ['complete', 'conference', 'cancel', 'hang_up', 'leave'] as const) {
      expect(expected(held, { path })).toBe(held)
    }
  })

  it('goes through once a second', () => {
    const throttle = new Throttle()
    expect(throttle.allows('mute', 0)).toBe(true)
    expect(throttle.allows('mute', 900)).toBe(false)
    expect(throttle.allows('hold', 900)).toBe(true)
    expect(throttle.allows('mute', 1_000)).toBe(true)
    expect(throttle.allows(deedOf('c', { path: 'keys', body: { digits: '1' } }), 0)).toBe(true)
    const off = deedOf('c', { path: 'hold', body: { on: false } })
    expect(off).toBe(deedOf('c', { path: 'hold', body: { on: true } }))
    const listen = (mode: 'listen' | 'barge') => deedOf('c', { path: 'listen', body: { mode } })
    expect(listen('barge')).not.toBe(listen('listen'))
  })

  it('never lets an older state of control win', () => {
    const newer = call({ control: 'agent', control_version: 3 })
    expect(mergeActiveCall([newer], call({ control_version: 2 }))).toEqual([newer])
    const queued = call({ control: 'queued', control_version: 4 })
    const [waits] = mergeActiveCall([newer], queued, Date.parse(AT))
    expect(waits?.queued_at).toBe('2026-11-21T12:01:00.000Z')
    expect(mergeActiveCall(waits ? [waits] : [], queued, 0)[0]?.queued_at).toBe(waits?.queued_at)
    expect(mergeActiveCall([newer], call({ control_version: 2, status: 'ended' }))).toEqual([])
  })

  it('that fails says who was quicker, or what the server says', () => {
    expect(whyNot(new ApiError(409, 'control_taken', '', { agent: JULIAN }))).toBe('Julián ya tomó el control.')
    expect(whyNot(new ApiError(409, 'busy', 'Está en otra llamada.'))).toBe('Está en otra llamada.')
    expect(whyNot(new ApiError(0, 'unreachable', ''))).toBe(texts.errors.unreachable)
    expect(whyNot(new Error())).toBe(texts.desk.failed)
  })
})

describe('a voice that breaks off', () => {
  const back = { ...mine, control: 'bot' as const, agent: null }

  it('is told from giving the call back', () => {
    expect(lostBetween([mine], [back], ME, true)).toBe(back)
    expect(lostBetween([mine], [back], ME, false)).toBeNull()
    const told = { ...back, voice: callVoice({ agent_voice: 'lost' }) }
    expect(lostBetween([mine], [told], ME, false)).toBe(told)
    const failing = { ...mine, voice: callVoice({ source: 'apology', agent_voice: 'lost' }) }
    expect(lostBetween([failing], [back], ME, false)).toBe(back)
    expect(lostBetween([mine], [], ME, true)).toBeNull()
    expect(lostBetween([theirs], [{ ...theirs, control: 'bot' }], ME, true)).toBeNull()
    expect(lostBetween([mine], [{ ...mine, agent: JULIAN }], ME, true)).toBeNull()
  })
})

describe('who the customer hears', () => {
  const title = (over: object, control: 'agent' | 'bot' | 'queued' = 'agent', holder = ME) =>
    heard(call({ control, agent: { id: holder, name: 'Julián' }, voice: callVoice(over) }), ME).title

  it('is said in words for every state', () => {
    const { hears } = texts.desk
    expect(title({ source: 'bot' }, 'bot')).toBe(hears.bot)
    expect(title({ source: 'agent' })).toBe(hears.me)
    expect(title({ source: 'agent' }, 'agent', 'stf_2')).toBe('El cliente oye a Julián')
    expect(title({ source: 'agent', muted: true })).toBe(hears.mutedMe)
    expect(title({ source: 'agent', on_hold: true })).toBe(hears.hold)
    expect(title({ source: 'typed' })).toBe(hears.typedMine)
    expect(title({ source: 'typed' }, 'agent', 'stf_2')).toBe('El asistente dice lo que escribe Julián')
    expect(title({ source: 'apology' })).toBe(hears.apology)
    expect(title({ source: 'none' })).toBe(hears.none)
    expect(title({ source: 'hold' }, 'queued')).toBe(hears.queued)
    expect(heard(call(), ME).title).toBe(hears.bot)
    expect(voiceOf(mine).source).toBe('typed')
  })

  it('and who else is there', () => {
    const people = [
      { id: ME, name: 'Marta', role: 'agent' as const },
      { id: 'stf_3', name: 'Ana', role: 'whisper' as const },
    ]
    const shown = { ...mine, voice: callVoice({ people }) }
    expect(alsoPresent(shown, ME)).toBe('Ana (susurra)')
    const heardBy = { ...theirs, voice: callVoice({ people: [{ id: ME, name: 'Marta', role: 'listen' as const }] }) }
    expect(presence(heardBy, ME)).toBe(texts.desk.listening.listen)
    expect(callSource(call({ line: 'browser' }))).toBe('Entrante · Desde el navegador')
  })

  it('and who is speaking', () => {
    const on = mergeEphemeral(NOTHING_EPHEMERAL, 'speaking', { author: 'customer', on: true })
    expect(on.speaking).toEqual({ customer: true })
    expect(mergeEphemeral(on, 'speaking', { author: 'customer', on: false }).speaking.customer).toBe(false)
  })
})

describe('the team', () => {
  const person = (over: Partial<DeskPerson>): DeskPerson => ({
    id: 'stf_5',
    name: 'Ana',
    role: 'agent',
    voice: true,
    call_id: null,
    active: true,
    ...over,
  })
  const typing = person({ id: 'typing', name: 'Élida', voice: false })
  const busy = person({ id: 'busy', name: 'Bruno' })
  const calls = [call({ id: 'cal_9', control: 'agent', agent: { id: 'busy', name: 'Bruno' } })]
  const away = person({ id: 'away', name: 'Carla', voice: false, active: false })

  it('is offered with those who can talk first, without oneself and those who left', () => {
    const people = [away, busy, typing, person({}), person({ id: ME })]
    expect(transferTargets(people, calls, ME, '').map(each => each.id)).toEqual(['stf_5', 'typing', 'busy'])
    expect(transferTargets(people, calls, ME, 'elida').map(each => each.id)).toEqual(['typing'])
    const targets = transferTargets(people, calls, ME, '')
    expect(targets.map(each => reachable(each, 'consult'))).toEqual([true, false, false])
    expect(targets.map(each => reachable(each, 'blind'))).toEqual([true, true, false])
    expect(targets.map(deskWord)).toEqual(['Con audio', 'Sin audio: no puede hablar', 'En otra llamada'])
  })

  it('and the room show the pressing first', () => {
    const help = { by: JULIAN, note: '', at: AT }
    const asking = call({ id: 'help', control: 'agent', agent: JULIAN, voice: callVoice({ help }) })
    const queued = call({ id: 'queued', control: 'queued' })
    expect(roomOrder([call({ id: 'bot' }), mine, queued, asking]).map(each => each.id)).toEqual([
      'help',
      'queued',
      'mine',
      'bot',
    ])
    expect(helpCalls([mine, asking])).toEqual([asking])
    expect(roomCounts([mine, asking, queued, call()])).toEqual({ queued: 1, bot: 1, held: 2 })
  })
})

describe('the audio in words', () => {
  it('has a tone and a word for every state', () => {
    expect(voiceTone({ name: 'on', by: 'webrtc' })).toBe('on')
    expect(voiceTone({ name: 'denied' })).toBe('trouble')
    expect(voiceWord({ name: 'idle', elsewhere: true }, false)).toBe(texts.voice.elsewhere)
    expect(voiceWord({ name: 'on', by: 'websocket' }, true)).toBe(texts.voice.muted)
    expect(isPhone('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Mobile', 5)).toBe(true)
    expect(isPhone('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 0)).toBe(false)
  })
})
