// What can be done from the keyboard and the command bar: one table, with the chord each comes with.

export type Group = 'conversation' | 'call' | 'deposits' | 'moving'

export type CommandId =
  | 'takeOver'
  | 'handBack'
  | 'reply'
  | 'note'
  | 'resolve'
  | 'copilot'
  | 'booking'
  | 'answer'
  | 'mute'
  | 'onHold'
  | 'pauseRecording'
  | 'askHelp'
  | 'confirmDeposit'
  | 'rejectDeposit'
  | 'next'
  | 'previous'
  | 'state'
  | 'bar'
  | 'help'

export type Command = {
  id: CommandId
  group: Group
  chord: string
  /** Does something to one call or conversation that a second press would undo or repeat: at most once a second. */
  single?: boolean
  /** Not offered in the command bar: it is the bar, or only means something to a hand on the keyboard. */
  keysOnly?: boolean
}

export const COMMANDS: readonly Command[] = [
  { id: 'takeOver', group: 'conversation', chord: 'Alt+KeyT', single: true },
  { id: 'handBack', group: 'conversation', chord: 'Alt+KeyV', single: true },
  { id: 'reply', group: 'conversation', chord: 'Alt+KeyR' },
  { id: 'note', group: 'conversation', chord: 'Alt+KeyP' },
  { id: 'resolve', group: 'conversation', chord: 'Alt+KeyE', single: true },
  { id: 'copilot', group: 'conversation', chord: 'Alt+KeyI' },
  { id: 'booking', group: 'conversation', chord: 'Alt+KeyB' },
  { id: 'answer', group: 'call', chord: 'Alt+KeyA', single: true },
  { id: 'mute', group: 'call', chord: 'Alt+KeyX', single: true },
  { id: 'onHold', group: 'call', chord: 'Alt+KeyH', single: true },
  { id: 'pauseRecording', group: 'call', chord: 'Alt+KeyG', single: true },
  { id: 'askHelp', group: 'call', chord: 'Alt+KeyU', single: true },
  { id: 'confirmDeposit', group: 'deposits', chord: 'Alt+KeyC' },
  { id: 'rejectDeposit', group: 'deposits', chord: 'Alt+KeyN' },
  { id: 'next', group: 'moving', chord: 'Alt+KeyJ', keysOnly: true },
  { id: 'previous', group: 'moving', chord: 'Alt+KeyK', keysOnly: true },
  { id: 'state', group: 'moving', chord: 'Alt+KeyS', keysOnly: true },
  { id: 'bar', group: 'moving', chord: 'Mod+KeyK', keysOnly: true },
  { id: 'help', group: 'moving', chord: '?', keysOnly: true },
]
