// The shapes of queues: what waits, how they stand, and how they are set up.

import type { Priority } from './schema'

export type ClockState = 'running' | 'paused' | 'at_risk' | 'broken' | 'met'

export type SlaClock = {
  kind: 'first' | 'next' | 'resolution'
  state: ClockState
  due_at: string | null
  /** Working seconds that were left `at` the moment of the answer; below zero: too late. */
  left: number
  target: number
}

export type QueueEntry = {
  id: string
  conversation_id: string
  channel: string
  person: { name: string | null }
  queue: { id: string; name: string } | null
  state: 'waiting' | 'offered' | 'taken' | 'ended'
  priority: Priority
  reason_text: string | null
  language: string | null
  since: string
  offered_to: string | null
  offered_until: string | null
  taken_by: string | null
  requeues: number
  closed_hours: boolean
  clocks: SlaClock[]
  at: string
}

export type QueueFigures = {
  waiting: number
  longest_since: string | null
  longest_seconds: number
  with_agents: number
  at_risk: number
  broken: number
  sla: number | null
  handled: number
  abandoned: number
  abandoned_share: number | null
  people: number
  free: number
}

export type QueueBoard = {
  queues: (QueueFigures & { id: string; name: string; open: boolean })[]
  all: QueueFigures
  in_use: boolean
  at: string
}

export type Team = { id: string; name: string; members: { id: string; lead: boolean }[] }

export type OpenWindow = { weekday: number; opens: number; closes: number }

export type Hours = {
  id: string
  name: string
  windows: OpenWindow[]
  country: string | null
  region: string | null
  closures: string[]
  open: boolean
  opens_at: string | null
}

export type ResultCode = {
  code: string
  name: string
  needs_note: boolean
  callback: boolean
  do_not_call: boolean
  good: boolean | null
}

export type QueueWish = {
  name: string
  active: boolean
  channels: string[]
  languages: string[]
  reasons: string[]
  skills: Record<string, number>
  priority: number
  mode: 'offer' | 'assign'
  offer_seconds: number
  capacity: Record<string, number>
  hours_id: string | null
  wrap_up_seconds: number
  first_reply_seconds: number | null
  next_reply_seconds: number | null
  resolution_seconds: number | null
  closed_answer: string | null
  closed_callback: boolean
  result_required: boolean
  teams: string[]
}

export type Queue = QueueWish & { id: string; open: boolean; results: ResultCode[] }

export type AgentProfile = {
  id: string
  name: string
  role: string
  languages: string[]
  skills: Record<string, number>
  capacity: Record<string, number>
}

export type DeskSetup = {
  teams: Team[]
  hours: Hours[]
  queues: Queue[]
  agents: AgentProfile[]
  channels: string[]
  reasons: { code: string; name: string }[]
  capacity: Record<string, number>
  zone: string
}

export type CannedReply = {
  id: string
  shortcut: string
  title: string
  text: string
  changed_by: string | null
  changed_at: string
}
