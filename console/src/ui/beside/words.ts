// What is said of who else is here. Pure.

import type { Viewer } from '../../api/viewers'
import { texts } from '../../texts'

const t = texts.beside
const NAMED = 2

/** The most telling thing first: a reply, a note, and else who looks. Null: nobody. */
export function besideWords(others: readonly Viewer[]): string | null {
  const writing = others.find(viewer => viewer.doing === 'reply') ?? others.find(viewer => viewer.doing === 'note')
  if (writing) return t[writing.doing === 'reply' ? 'reply' : 'note'](first(writing.name))
  if (others.length === 0) return null
  const named = others.slice(0, others.length > NAMED ? 1 : NAMED).map(viewer => first(viewer.name))
  const left = others.length - named.length
  if (left > 0) named.push(t.others(left))
  return t.looking(named.join(` ${t.and} `), others.length > 1)
}

export function first(name: string): string {
  return name.trim().split(/\s+/)[0] || t.somebody
}
