// The shapes of docs/api.md, and nothing else, so that they can be generated; two rooms have a file of their own.

import type { Attachment, Booking } from './schema.bookings'
import type { Permission, Role } from './schema.roles'
import type { Money, Named } from './schema.values'

export type * from './schema.bookings'
export type * from './schema.house'
export type * from './schema.roles'
export type { Money, Named }

export type User = {
  id: string
  email: string
  name: string
  role: Role
  permissions: Permission[]
  /** Where the house is; its words and amounts are written as there. */
  house?: { country: string }
}

export type Control = 'bot' | 'queued' | 'agent' | 'closed'
export type Priority = 'normal' | 'high' | 'urgent'
export type Author = 'customer' | 'bot' | 'agent' | 'system'
export type ConversationAction = 'take_over' | 'hand_back' | 'reply' | 'note' | 'resolve'

export type Person = { id: string; name: string | null; identities: { kind: string; value: string }[] }

export type Conversation = {
  id: string
  channel: string
  person: Person
  control: Control
  control_version: number
  agent: Named | null
  reason: string | null
  /** Why a person is needed, in words. */
  reason_text?: string | null
  priority?: Priority
  /** How the customer feels by what they wrote; never by their voice. */
  mood?: Mood | null
  last_message: { text: string; author: Author | null; at: string } | null
  unread: number
  created_at: string
  closed_at: string | null
  call_id: string | null
  /** Which of our numbers or mailboxes it is with, and the customer's address as it came. */
  account?: string | null
  address?: string | null
  /** Until when the customer may be written to freely; null where that has no end. */
  window_until?: string | null
  /** Absent in live events, which go to people with different rights. */
  actions?: ConversationAction[]
}

export type MessageKind = 'text' | 'note' | 'event' | 'suggestion'
export type Delivery = 'pending' | 'sent' | 'delivered' | 'read' | 'failed'

/** `low`: what was understood is a guess. The bot's own notes have only their length. */
export type VoiceNote = { seconds: number | null; confidence?: number; low?: boolean; text?: string }

/** What came with a mail beside its sender's own words. */
export type Mail = {
  subject?: string
  from?: string
  /** The page of it can be shown. */
  page?: boolean
  quoted?: string
  cut?: boolean
  refused?: string[]
  unanswered?: string
  stranger?: { address: string; name: string | null }
}

export type Mood = 'negative' | 'neutral' | 'positive'

export type Message = {
  id: string
  seq: number
  author: Author
  author_name: string | null
  kind: MessageKind
  text: string
  buttons: string[]
  delivery: Delivery | null
  /** Why it did not arrive, in words. */
  error?: string | null
  at: string
  attachments?: Attachment[]
  meta: {
    event?: string
    heard?: boolean
    spoken_text?: string
    voice?: VoiceNote
    mail?: Mail
    client_id?: string
    /** From which topics of the house the assistant's facts come. */
    topics?: { key: string; source: string }[]
    note?: string
    reason?: string
    /** What fills the sentence of an event. */
    said?: Record<string, string>
    [key: string]: unknown
  }
}

export type ConversationDetail = { conversation: Conversation; messages: Message[]; bookings: Booking[] }

export type Call = {
  id: string
  conversation_id: string
  direction: 'inbound' | 'outbound'
  line: string
  from: string | null
  to: string | null
  status: 'ringing' | 'active' | 'ended'
  control: Control
  control_version: number
  agent: Named | null
  person: Person | null
  started_at: string
  answered_at: string | null
  ended_at: string | null
  seconds: number | null
  end_reason: string | null
  recording: { id: string; seconds: number; size: number } | null
  /** Since when somebody is waited for; absent where the server does not tell. */
  queued_at?: string | null
  /** Only of calls that are on. */
  voice?: CallVoice | null
}

/** Somebody who wants to be called between two moments. */
export type Callback = {
  id: string
  /** None: of no call, but promised or asked for in writing. */
  call_id: string | null
  conversation_id: string
  person: Named
  number: string
  begin: string
  end: string
  asked_at: string
  done_at: string | null
  done_by: Named | null
}

export type ListenMode = 'listen' | 'whisper' | 'barge'
export type VoiceRole = 'agent' | 'conference' | 'consult' | ListenMode
export type TransferKind = 'blind' | 'consult'

export type CallVoice = {
  /** Who the customer hears now. */
  source: 'bot' | 'agent' | 'hold' | 'typed' | 'apology' | 'none'
  /** The holder's headset in this call; off: they work by typing. */
  agent_voice: 'on' | 'off' | 'lost'
  on_hold: boolean
  muted: boolean
  recording: 'on' | 'paused' | 'off'
  /** Listeners only where the setting shows them. */
  people: { id: string; name: string | null; role: VoiceRole }[]
  help: { by: Named; note: string; at: string } | null
  ringing: { to: Named; from: Named | null; kind: TransferKind; at: string }[]
  consult: { with: Named; answered: boolean } | null
}

export type DeskPerson = {
  id: string
  name: string | null
  role: Role
  voice: boolean
  call_id: string | null
  /** Whether the account is in use, not whether they are here. */
  active: boolean
}

export type Desk = { people: DeskPerson[]; settings: { show_listeners: boolean } }

export type IceServer = { urls: string | string[]; username?: string; credential?: string }

export type VoiceInfo = {
  connected: boolean
  name: string | null
  call_id: string | null
  ice_servers: IceServer[]
  webrtc: boolean
  codecs: string[]
}

export type Marker = { kind: string; at_ms: number; name: string | null }

export type Sentence = { at_ms: number; end_ms: number; author: Author; name: string | null; text: string }

export type RecordingItem = {
  id: string
  call_id: string
  conversation_id: string
  person: Person | null
  agent: Named | null
  from: string | null
  to: string | null
  direction: 'inbound' | 'outbound'
  line: string
  started_at: string
  end_reason: string | null
  seconds: number
  size: number
  state: 'recording' | 'ready' | 'kept_wav' | 'discarded' | 'lost'
}

export type RecordingDetail = RecordingItem & { markers: Marker[]; transcript: Sentence[] }

export type Peaks = { customer: number[]; ours: number[]; seconds: number }

export type CallDetail = Call & { transcript: Message[] }

export type ErrorBody = { error: { code: string; message: string; details: Record<string, unknown> } }
