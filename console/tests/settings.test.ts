// What the settings, reminders, opinions and consents work out for themselves.

import { describe, expect, test } from 'vitest'
import type { DueReminder, Opinion, Withdrawal } from '../src/api/outreach'
import type { Alert } from '../src/api/schema'
import { together } from '../src/features/contact/Withdrawals'
import { kept, waiting } from '../src/features/feedback/order'
import { dayAfter, matching } from '../src/features/reminders/days'
import { nights } from '../src/features/settings/Deletions'
import { found, SUBJECTS } from '../src/features/settings/subjects'
import { attributes } from '../src/features/settings/WidgetPreview'

const given = (score: number, id: string, text: string | null = null) => ({ booking_id: id, score, text }) as Opinion

describe('search within settings', () => {
  test('finds by name, by what it is about and by the words people use, without accents', () => {
    expect(found(SUBJECTS, 'retencion').map(each => each.key)).toEqual(['retencion'])
    expect(found(SUBJECTS, 'WEBHOOK').map(each => each.key)).toEqual(['canales'])
    expect(found(SUBJECTS, 'clave web').map(each => each.key)).toEqual(['sitios'])
    expect(found(SUBJECTS, 'zapato')).toEqual([])
    expect(found(SUBJECTS, '  ')).toHaveLength(SUBJECTS.length)
  })
})

test('the line to paste carries only what differs, and no markup of what was typed', () => {
  const plain = { color: '#35206E', side: 'right', label: ' ', locale: '' } as const
  expect(attributes(plain)).toBe('')
  expect(attributes({ color: '#0b5c4a', side: 'left', label: '"><b>', locale: 'en' })).toBe(
    ' data-color="#0b5c4a" data-position="left" data-label="&quot;>&lt;b>" data-locale="en"',
  )
  expect(attributes({ ...plain, color: 'red" onload="x' })).toBe('')
})

test('deletions are told night by night', () => {
  const row = { what: 'recording', subject: 'a', count: 1, rule: 'keep_audio=30', at: '2026-11-21T06:30:00Z' }
  const shown = nights([row, { ...row, subject: 'b' }, { ...row, at: '2026-11-20T06:30:00Z' }])
  expect(shown.map(night => [night.day, night.kinds])).toEqual([
    ['2026-11-21', [{ what: 'recording', count: 2, subjects: 2, days: '30' }]],
    ['2026-11-20', [{ what: 'recording', count: 1, subjects: 1, days: '30' }]],
  ])
})

test('what one person withdrew at once is one line', () => {
  const row = { id: 3, person: { id: 'p', name: null }, purpose: 'survey', channel: 'any', proof: 'baja' }
  const rows = [row, { ...row, id: 2, purpose: 'reminder' }, { ...row, id: 1, person: { id: 'q', name: null } }].map(
    each => ({ ...each, by: 'customer', by_name: null, at: '2026-11-21T10:00:00Z' }) as Withdrawal,
  )
  expect(together(rows).map(each => [each.person.id, each.purposes])).toEqual([
    ['p', ['survey', 'reminder']],
    ['q', ['survey']],
  ])
})

test('days go over months, and reminders are found without accents', () => {
  expect(dayAfter('2026-11-30', 1)).toBe('2026-12-01')
  expect(dayAfter('2027-01-01', -1)).toBe('2026-12-31')
  const items = [{ guest_name: 'Lucía Paz', code: 'RL-1' } as DueReminder]
  expect(matching(items, 'lucia rl')).toHaveLength(1)
  expect(matching(items, 'pedro')).toHaveLength(0)
})

test('an opinion waits for an answer while its alert is open', () => {
  const alert = (subject: string, state: 'open' | 'done', kind = 'low_feedback') => ({ subject, state, kind }) as Alert
  const all = [given(1, 'a'), given(2, 'b', 'frío'), given(5, 'c', 'lindo')]
  const open = waiting(all, [alert('a', 'open'), alert('b', 'done'), alert('c', 'open', 'waiting'), alert('z', 'open')])
  expect([...open.keys()]).toEqual(['a'])
  expect(kept(all, 'low', 2).map(each => each.booking_id)).toEqual(['a', 'b'])
  expect(kept(all, 'words', 2).map(each => each.booking_id)).toEqual(['b', 'c'])
})
