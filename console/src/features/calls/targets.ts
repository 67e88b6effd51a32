// To whom a call can go. Pure.

import type { DeskPerson, TransferKind } from '../../api/schema'
import { es } from '../../texts/es'

/** Colleagues, those who can talk right now first. */
export function transferTargets(people: readonly DeskPerson[], meId: string, words: string): DeskPerson[] {
  const wanted = plain(words)
  return people
    .filter(person => person.id !== meId && plain(person.name ?? '').includes(wanted))
    .filter(person => person.active)
    .sort((a, b) => readiness(b) - readiness(a) || (a.name ?? '').localeCompare(b.name ?? '', 'es'))
}

/** A consultation needs a voice and a free ear; a call may ring with somebody who works by typing. */
export function reachable(person: DeskPerson, kind: TransferKind): boolean {
  if (kind === 'consult') return person.voice && person.call_id === null
  return person.call_id === null
}

export function deskWord(person: DeskPerson): string {
  if (person.call_id !== null) return es.desk.transfer.inCall
  if (person.voice) return es.desk.transfer.voice
  return es.desk.transfer.noVoice
}

function readiness(person: DeskPerson): number {
  if (person.call_id !== null) return 0
  return person.voice ? 2 : 1
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
