import { describe, expect, it } from 'vitest'
import type { TeamMember } from '../src/api/presenceState'
import type { QueueEntry, QueueFigures } from '../src/api/schema.queues'
import { waitingEntries } from '../src/features/room/rooms'
import { abandonedTone, slaTone, waitTone, wallOf } from '../src/features/room/tv'
import { call } from './samples'

const NOTHING: QueueFigures = {
  waiting: 0,
  longest_since: null,
  longest_seconds: 0,
  with_agents: 0,
  at_risk: 0,
  broken: 0,
  sla: null,
  handled: 0,
  abandoned: 0,
  abandoned_share: null,
  people: 0,
  free: 0,
}

describe('who waits', () => {
  it('is whoever nobody has taken, the longest first', () => {
    const entry = (id: string, state: QueueEntry['state'], since: string) => ({ id, state, since }) as QueueEntry
    const entries = [
      entry('late', 'waiting', '2026-11-21T12:05:00Z'),
      entry('taken', 'taken', '2026-11-21T11:00:00Z'),
      entry('early', 'offered', '2026-11-21T12:01:00Z'),
    ]
    expect(waitingEntries(entries).map(each => each.id)).toEqual(['early', 'late'])
  })
})

describe('the room on the wall', () => {
  it('names no customer', () => {
    const held = call({
      control: 'agent',
      agent: { id: 'stf_1', name: 'Marta' },
      person: { id: 'per_1', name: 'Lucía Fernández', identities: [{ kind: 'phone', value: '+5493415550001' }] },
    })
    const shown = JSON.stringify(wallOf([held], NOTHING, []))
    expect(shown).toContain('Marta')
    expect(shown).not.toMatch(/Lucía|555/)
  })

  it('waits since the one who has waited longest, in writing or on the telephone', () => {
    const queued = call({ control: 'queued', queued_at: '2026-11-21T12:05:00Z' })
    const board = { ...NOTHING, waiting: 3, longest_since: '2026-11-21T12:01:00Z', sla: 88.4, abandoned_share: 4 }
    const wall = wallOf([queued], board, [])
    expect([wall.waiting, wall.since]).toEqual([3, Date.parse('2026-11-21T12:01:00Z')])
    expect(wallOf([queued], undefined, []).waiting).toBe(1)
    expect(wallOf([], undefined, []).since).toBeNull()
  })

  it('counts who does what, and not who is away', () => {
    const member = (id: string, state: TeamMember['state']) => ({ id, state }) as TeamMember
    const team = [member('1', 'available'), member('2', 'available'), member('3', 'offline')]
    const { states } = wallOf([], NOTHING, team)
    expect(states.find(each => each.state === 'available')?.count).toBe(2)
    expect(states.some(each => each.state === 'offline')).toBe(false)
  })

  it('says by tone what is well and what is not', () => {
    expect([slaTone(null), slaTone(95), slaTone(75), slaTone(50)]).toEqual(['calm', 'ok', 'warn', 'bad'])
    expect([waitTone(null, null), waitTone(20, null), waitTone(90, null), waitTone(20, 'broken')]).toEqual([
      'calm',
      'ok',
      'warn',
      'bad',
    ])
    expect([abandonedTone(null), abandonedTone(5), abandonedTone(8), abandonedTone(20)]).toEqual([
      'calm',
      'ok',
      'warn',
      'bad',
    ])
  })
})
