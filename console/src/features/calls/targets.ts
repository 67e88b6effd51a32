// To whom a call can go. Pure.

import { callOf } from '../../api/callState'
import type { Call, DeskPerson, TransferKind } from '../../api/schema'
import { texts } from '../../texts'
import { locale } from '../../texts/language'

export type Target = DeskPerson & { busy: boolean; away: boolean }

const NOBODY: ReadonlySet<string> = new Set()

/** Colleagues, those who can talk right now first. */
export function transferTargets(
  people: readonly DeskPerson[],
  calls: readonly Call[],
  meId: string,
  words: string,
  away: ReadonlySet<string> = NOBODY,
): Target[] {
  const wanted = plain(words)
  return people
    .filter(person => person.id !== meId && plain(person.name ?? '').includes(wanted))
    .filter(person => person.active)
    .map(person => ({ ...person, busy: callOf(calls, person.id) !== null, away: away.has(person.id) }))
    .sort((a, b) => readiness(b) - readiness(a) || (a.name ?? '').localeCompare(b.name ?? '', locale))
}

/** Only who says that they are available is rung. A consultation needs a voice and a free ear; a call may ring with somebody who works by typing. */
export function reachable(person: Target, kind: TransferKind): boolean {
  if (person.away) return false
  if (kind === 'consult') return person.voice && !person.busy
  return !person.busy
}

export function deskWord(person: Target): string {
  if (person.busy) return texts.desk.transfer.inCall
  if (person.away) return texts.desk.transfer.away
  if (person.voice) return texts.desk.transfer.voice
  return texts.desk.transfer.noVoice
}

function readiness(person: Target): number {
  if (person.busy || person.away) return 0
  return person.voice ? 2 : 1
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
