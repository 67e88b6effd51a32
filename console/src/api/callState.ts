// What a call is for the person looking at it: theirs, ringing for them, waiting; and what they may do. Pure. The server
// decides again on every request.

import { allows } from './actions'
import type { Call, CallVoice, ListenMode, User, VoiceRole } from './schema'

export const NO_VOICE: CallVoice = {
  source: 'none',
  agent_voice: 'off',
  on_hold: false,
  muted: false,
  recording: 'off',
  people: [],
  help: null,
  ringing: [],
  consult: null,
}

/** The state of the sound; of a call that does not tell, what follows from who holds it. */
export function voiceOf(call: Call): CallVoice {
  if (call.voice) return call.voice
  const source = call.control === 'bot' ? 'bot' : call.control === 'agent' ? 'typed' : 'none'
  return { ...NO_VOICE, source }
}

export function isMine(call: Call, meId: string): boolean {
  return call.status !== 'ended' && call.control === 'agent' && call.agent?.id === meId
}

/** Where this person has sat down to listen, remembered here: the server may be set not to show listeners to anybody. */
export type Seat = { callId: string; mode: ListenMode }

/** In which role this person is in the sound of the call, if at all. */
export function roleIn(call: Call, meId: string, seat: Seat | null = null): VoiceRole | null {
  if (isMine(call, meId)) return 'agent'
  if (call.status === 'ended') return null
  const shown = voiceOf(call).people.find(person => person.id === meId)?.role
  return shown ?? (seat?.callId === call.id ? seat.mode : null)
}

/** The live call in which somebody speaks for us: held, or joined where the others may see it. */
export function callOf(calls: readonly Call[], staffId: string): Call | null {
  return presentCall(
    calls.filter(call => call.status !== 'ended'),
    staffId,
  )
}

export function ringFor(call: Call, meId: string): CallVoice['ringing'][number] | null {
  if (call.status === 'ended') return null
  return voiceOf(call).ringing.find(ring => ring.to.id === meId) ?? null
}

/** The call this person is busy with: the one they speak in, then one they hold, then one they listen to. */
export function presentCall(calls: readonly Call[], meId: string, seat: Seat | null = null): Call | null {
  const held = calls.filter(call => isMine(call, meId))
  const speaking = held.find(call => voiceOf(call).people.some(person => person.id === meId))
  return speaking ?? held[0] ?? calls.find(call => roleIn(call, meId, seat) !== null) ?? null
}

export type CallRights = { take: boolean; handBack: boolean; operate: boolean; listen: boolean; hangUp: boolean }

export function callRights(call: Call, user: User): CallRights {
  const on = call.status !== 'ended' && call.control !== 'closed'
  const answers = on && allows(user, 'answer')
  const mine = isMine(call, user.id)
  const held = call.control === 'agent' && !mine
  const overOthers = allows(user, 'take_from_colleague')
  return {
    take: answers && !mine && (!held || overOthers),
    handBack: answers && (mine || (held && overOthers)),
    operate: answers && (mine || (held && overOthers)),
    listen: on && !mine && allows(user, 'listen'),
    hangUp: on && (!held || overOthers) && allows(user, 'hang_up'),
  }
}

export type CallCommand =
  | { path: 'hold' | 'mute'; body: { on: boolean } }
  | { path: 'record'; body: { paused: boolean } }
  | { path: 'keys'; body: { digits: string } }
  | { path: 'help'; body: { on: boolean; note: string } }
  | { path: 'listen'; body: { mode: 'listen' | 'whisper' | 'barge' } }
  | { path: 'transfer'; body: { to: string; kind: 'blind' | 'consult' } }
  | { path: 'answer'; body: { accept: boolean } }
  | { path: 'leave' | 'complete' | 'conference' | 'cancel' | 'hang_up'; body?: Record<string, never> }

/** The call as it will be if the server agrees, for what one should see at once. */
export function expected(call: Call, command: CallCommand): Call {
  const voice = call.voice
  if (!voice) return call
  if (command.path === 'mute') return { ...call, voice: { ...voice, muted: command.body.on } }
  if (command.path === 'hold') {
    const source = command.body.on ? 'hold' : voice.agent_voice === 'on' ? 'agent' : 'typed'
    return { ...call, voice: { ...voice, on_hold: command.body.on, source } }
  }
  if (command.path === 'record' && voice.recording !== 'off') {
    return { ...call, voice: { ...voice, recording: command.body.paused ? 'paused' : 'on' } }
  }
  if (command.path === 'help' && !command.body.on) return { ...call, voice: { ...voice, help: null } }
  return call
}

const ONCE_EVERY = 1_000

/** What counts as doing the same again. Every key of the keypad counts, and so does another way of listening. */
export function deedOf(callId: string, command: CallCommand): string | null {
  if (command.path === 'keys') return null
  return `${callId} ${command.path}${command.path === 'listen' ? ` ${command.body.mode}` : ''}`
}

/** Lets the same deed through once a second: a double click or a held key is one click. */
export class Throttle {
  private readonly last = new Map<string, number>()

  allows(deed: string | null, now: number): boolean {
    if (deed === null) return true
    const before = this.last.get(deed)
    if (before !== undefined && now - before < ONCE_EVERY) return false
    this.last.set(deed, now)
    return true
  }
}
