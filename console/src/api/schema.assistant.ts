// Shapes of what staff teach the assistant and set of it.

export type Likely = { intent: string; confidence: number }
export type Phrase = {
  interaction_id: string
  conversation_id: string
  channel: string
  text: string
  intent: string | null
  confidence: number
  handoff: string | null
  unclear: boolean
  meant: string | null
  others: number
  likely: Likely[]
  at: string
}
export type Example = {
  id: string
  text: string
  intent: string | null
  before_intent: string | null
  from_conversation: boolean
  by: string | null
  at: string
}
export type Told = { kind: 'known' | 'otherwise'; intent: string } | null
export type Lesson = { intent: string | null; text?: string; interaction_id?: string; replace?: boolean }
export type Figures = {
  asked: number
  before: number
  after: number
  taught: number
  taught_before: number
  taught_after: number
  missed: { text: string; intent: string; answered: string }[]
  moved: { intent: string; before: number; after: number }[]
  seconds: number
}
export type Version = {
  id: string
  number: number
  state: 'training' | 'ready' | 'refused' | 'failed'
  step: string | null
  examples: number
  figures: Figures | null
  error: string | null
  by: string | null
  at: string
  done_at: string | null
}
export type Change<D> = { id: number; subject: string; details: D; by: string | null; at: string }
export type TrainingState = {
  live: string
  taught: number
  new: number
  gone: number
  running: boolean
  versions: Version[]
  history: Change<{ before: string; why: 'trained' | 'chosen'; number: number }>[]
}
export type AssistantSettings = { act: number; guess: number; locale: string | null; vip_words: string[] | null }
export type CurvePoint = { threshold: number; acted: number; right: number | null }
export type SettingsShown = {
  settings: AssistantSettings
  registers: string[]
  history: Change<AssistantSettings & { restored?: number }>[]
  turns: number
  curve: CurvePoint[]
  judged: number
  judged_wrong: number
}
export type Topic = {
  key: string
  on: boolean
  said: string | null
  text: string | null
  packaged: string | null
  source: string
  words: string[]
  edited: boolean
  by: string | null
  at: string | null
}
export type TopicEdit = { on: boolean; text: string | null; words: string[] | null }
export type Tried = {
  intent: string
  confidence: number
  alternatives: Likely[]
  entities: Record<string, unknown>
  specialists: string[]
  reply: string | null
  topics: { key: string; source: string }[]
}
