// What was last chosen in the command bar. Names of customers are nowhere in it, so it may outlive the session.

import { remembered } from './rank'

const KEPT = 'relevo.bar.'
/** Kept only for as long as the page is open: they are of customers. */
let passing: { owner: string; ids: string[] } = { owner: '', ids: [] }

export function recentOf(staff: string): string[] {
  const own = passing.owner === staff ? passing.ids : []
  return [...own, ...kept(staff)]
}

export function remember(staff: string, id: string, ofCustomer: boolean): void {
  if (ofCustomer) {
    passing = { owner: staff, ids: remembered(passing.owner === staff ? passing.ids : [], id, 3) }
    return
  }
  try {
    localStorage.setItem(KEPT + staff, JSON.stringify(remembered(kept(staff), id)))
  } catch {
    // Where nothing can be kept, nothing is recent.
  }
}

function kept(staff: string): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT + staff) ?? '[]')
    return Array.isArray(found) ? found.filter(each => typeof each === 'string') : []
  } catch {
    return []
  }
}
