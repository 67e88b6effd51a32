// Which entries of the command bar answer to what was typed, the best first. Pure.

export type Ranked = { id: string; group: string; label: string; words?: string | undefined }

const ABOUT = 400

/** Without case and accents: "Señas" is found by "senas". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** How well it answers; 0 not at all. Every word must be found, and the beginning of the name counts most. */
export function score(entry: Ranked, query: string): number {
  const wanted = fold(query).split(/\s+/).filter(Boolean)
  const label = fold(entry.label)
  const all = `${label} ${fold(entry.words ?? '').slice(0, ABOUT)}`
  let total = 0
  for (const word of wanted) {
    const at = all.indexOf(word)
    if (at < 0) return 0
    const begins = at === 0 || new RegExp(`[^\\p{L}\\p{N}]${escaped(word)}`, 'u').test(all)
    total += label.startsWith(word) ? 8 : begins ? 4 : 1
    if (label.includes(word)) total += 2
  }
  return label === wanted.join(' ') ? total + 8 : total
}

/** Those that answer, the best of each group first and the group with the best one before the others. */
export function ranked<T extends Ranked>(entries: readonly T[], query: string, recent: readonly string[]): T[] {
  const found = entries
    .map((entry, place) => ({ entry, place, score: score(entry, query) + (recent.includes(entry.id) ? 1 : 0) }))
    .filter(each => score(each.entry, query) > 0)
  const best = new Map<string, number>()
  for (const { entry, score: its } of found) best.set(entry.group, Math.max(its, best.get(entry.group) ?? 0))
  return found
    .sort(
      (a, b) =>
        (best.get(b.entry.group) ?? 0) - (best.get(a.entry.group) ?? 0) ||
        (a.entry.group === b.entry.group ? 0 : a.entry.group < b.entry.group ? -1 : 1) ||
        b.score - a.score ||
        a.place - b.place,
    )
    .map(each => each.entry)
}

/** `id` at the front, each once, and no more than are of use. */
export function remembered(before: readonly string[], id: string, most = 6): string[] {
  return [id, ...before.filter(each => each !== id)].slice(0, most)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
