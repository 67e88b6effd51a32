// How a call, and what is heard in it, is described in a few words. Pure.

import { isMine, roleIn, type Seat, voiceOf } from '../../api/callState'
import type { Call } from '../../api/schema'
import { texts } from '../../texts'
import { capital } from '../format'

export function callSource(call: Pick<Call, 'direction' | 'line' | 'from' | 'to'>): string {
  const way = call.direction === 'outbound' ? texts.calls.outbound : texts.calls.inbound
  if (call.line === 'browser') return `${way} · ${texts.calls.browser}`
  const number = call.direction === 'outbound' ? call.to : call.from
  return `${way} · ${number ?? texts.calls.unknownNumber}`
}

export function endReason(reason: string | null): string {
  if (!reason) return ''
  return texts.calls.endReasons[reason] ?? capital(reason.replaceAll('_', ' '))
}

export function callSeconds(call: Call): number {
  if (call.seconds !== null) return call.seconds
  if (!call.answered_at || !call.ended_at) return 0
  return (Date.parse(call.ended_at) - Date.parse(call.answered_at)) / 1000
}

export function callStart(call: Call): number {
  return Date.parse(call.answered_at ?? call.started_at)
}

export type Heard = {
  tone: 'bot' | 'agent' | 'hold' | 'muted' | 'queued' | 'trouble' | 'quiet'
  title: string
  hint: string
}

/** Who the customer hears now, and what follows from it for the one who looks. */
export function heard(call: Call, meId: string): Heard {
  const { desk } = texts
  const voice = voiceOf(call)
  const mine = isMine(call, meId)
  const holder = call.agent?.name ?? texts.control.agent
  if (call.status === 'ended') return { tone: 'quiet', title: desk.hears.ended, hint: '' }
  if (voice.source === 'apology') return { tone: 'trouble', title: desk.hears.apology, hint: desk.hints.apology }
  if (call.control === 'queued') return { tone: 'queued', title: desk.hears.queued, hint: desk.hints.queued }
  if (voice.on_hold || voice.source === 'hold') return { tone: 'hold', title: desk.hears.hold, hint: desk.hints.hold }
  if (voice.source === 'bot') return { tone: 'bot', title: desk.hears.bot, hint: desk.hints.bot }
  if (voice.source === 'typed') {
    return mine
      ? { tone: 'agent', title: desk.hears.typedMine, hint: desk.hints.typedMine }
      : { tone: 'agent', title: desk.hears.typed(holder), hint: desk.hints.typed }
  }
  if (voice.source === 'agent' && voice.people.some(person => person.role === 'conference')) {
    return { tone: 'agent', title: desk.hears.conference, hint: desk.hints.conference }
  }
  if (voice.source === 'agent') {
    if (voice.muted) {
      return mine
        ? { tone: 'muted', title: desk.hears.mutedMe, hint: desk.hints.mutedMe }
        : { tone: 'muted', title: desk.hears.muted(holder), hint: desk.hints.other }
    }
    return mine
      ? { tone: 'agent', title: desk.hears.me, hint: desk.hints.me }
      : { tone: 'agent', title: desk.hears.other(holder), hint: desk.hints.other }
  }
  return { tone: 'quiet', title: desk.hears.none, hint: '' }
}

/** What this person does in the call, for the bar that follows them around. */
export function presence(call: Call, meId: string, seat: Seat | null = null): string {
  const role = roleIn(call, meId, seat)
  return role === null || role === 'agent' ? heard(call, meId).title : texts.desk.listening[role]
}

export function alsoPresent(call: Call, meId: string): string {
  return voiceOf(call)
    .people.filter(person => person.id !== meId && person.id !== call.agent?.id && person.role !== 'consult')
    .map(person => `${person.name ?? texts.desk.someone} (${texts.desk.roles[person.role]})`)
    .join(', ')
}
