// What is shown of a customer, in which order. Pure.

import { lastActivity } from '../../api/merge'
import type { Conversation } from '../../api/schema'
import type { Customer, Identity, Merge } from '../../api/schema.people'
import { texts } from '../../texts'

const ORDER = ['phone', 'email', 'whatsapp']
const VISITS = new Set(['webchat', 'browser'])

export type Group = { channel: string; items: Conversation[] }

/** By channel, the latest first; the channel of the latest comes first. */
export function byChannel(conversations: readonly Conversation[]): Group[] {
  const sorted = [...conversations].sort((a, b) => Date.parse(lastActivity(b)) - Date.parse(lastActivity(a)))
  const groups = new Map<string, Conversation[]>()
  for (const each of sorted) groups.set(each.channel, [...(groups.get(each.channel) ?? []), each])
  return [...groups].map(([channel, items]) => ({ channel, items }))
}

/** What they can be reached by, what people read first: ids of browsers say nothing to anybody. */
export function reachable(customer: Customer): Identity[] {
  const rank = (kind: string) => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length)
  return customer.identities.filter(each => !VISITS.has(each.kind)).sort((a, b) => rank(a.kind) - rank(b.kind))
}

export function visits(customer: Customer): number {
  return customer.identities.filter(each => VISITS.has(each.kind)).length
}

export function customerName(customer: Customer): string {
  return customer.name ?? customer.username ?? reachable(customer)[0]?.value ?? texts.people.visitor
}

/** In one line. The id of an account is only said where nothing else is known. */
export function reachText(customer: Customer): string {
  const known = reachable(customer)
  const spoken = known.filter(each => each.kind !== 'whatsapp')
  const parts = [...new Set((spoken.length > 0 ? spoken : known).map(each => each.value))]
  if (visits(customer) > 0) parts.push(texts.people.visits)
  return parts.join(' · ') || texts.people.noContact
}

/** The names that are not the one shown already. */
export function otherNames(customer: Customer): [string, string][] {
  const t = texts.people
  const names: [string, string | null | undefined][] = [
    [t.saidName, customer.said_name],
    [t.profileName, customer.profile_name],
    [t.username, customer.username],
  ]
  return names.filter((pair): pair is [string, string] => Boolean(pair[1]) && pair[1] !== customer.name)
}

export type MergeLine = { key: string; merge: Merge; standing: boolean; elsewhere: string | null }

/** The latest first. `elsewhere` is the one who is apart from this customer again. */
export function mergeLines(merges: readonly Merge[], customer: Customer): MergeLine[] {
  const own = new Set([customer.id, ...(customer.others ?? [])])
  return merges
    .map(merge => ({
      key: `${merge.other} ${merge.at}`,
      merge,
      standing: merge.undone_at === null,
      elsewhere: [merge.other, merge.kept].find(id => !own.has(id)) ?? null,
    }))
    .reverse()
}
