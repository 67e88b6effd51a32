// Canned replies while one writes: which fit what was typed after the slash, with their places filled. Pure.

import type { CannedReply } from '../../api/schema.queues'

const MOST = 6
const TYPED = /^\/([\p{L}\p{N}_-]*)$/u

/** What was typed after a slash that is alone on the line; null: nothing is being looked for. */
export function wanted(text: string): string | null {
  return TYPED.exec(text)?.[1] ?? null
}

export function fitting(replies: readonly CannedReply[], typed: string): CannedReply[] {
  const said = fold(typed)
  const begins = (reply: CannedReply) => reply.shortcut.startsWith(said)
  return replies
    .filter(reply => begins(reply) || fold(reply.title).includes(said))
    .sort((a, b) => Number(begins(b)) - Number(begins(a)))
    .slice(0, MOST)
}

export type Places = { nombre: string | null; agente: string | null; reserva: string | null }

/** A place that nobody knows what to put in stays as it is written, for the eye to catch. */
export function filled(text: string, places: Places): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => places[name as keyof Places] ?? whole)
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
