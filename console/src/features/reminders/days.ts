// Days as the address has them, in the browser's own zone, and finding among reminders. Pure.

import type { DueReminder } from '../../api/outreach'

function iso(day: Date): string {
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`
}

export function today(now = new Date()): string {
  return iso(now)
}

export function dayAfter(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return iso(new Date(year, month - 1, date + days))
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

export function matching(items: readonly DueReminder[], q: string): DueReminder[] {
  const words = plain(q).split(/\s+/).filter(Boolean)
  return items.filter(each => {
    const all = plain(`${each.guest_name ?? ''} ${each.code ?? ''} ${each.title ?? ''}`)
    return words.every(word => all.includes(word))
  })
}
