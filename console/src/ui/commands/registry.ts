// What the open screen can do just now. Screens say it; keys and the command bar ask for it. Pure but for the list.

import { COMMANDS, type CommandId } from './commands'

export type Handlers = { [id in CommandId]?: (() => void) | undefined }

/** Between two presses of a command that acts on one call or conversation. */
export const PAUSE = 1000

const SINGLE = new Set(COMMANDS.filter(command => command.single).map(command => command.id))

export class Registry {
  private screens: (() => Handlers)[] = []
  private bases: (() => Handlers)[] = []
  private readonly last = new Map<CommandId, number>()

  constructor(private readonly now: () => number) {}

  /** `base`: what is meant where no screen means something else. Returns how to take it back. */
  add(handlers: () => Handlers, base = false): () => void {
    if (base) this.bases = [...this.bases, handlers]
    else this.screens = [...this.screens, handlers]
    return () => {
      this.bases = this.bases.filter(each => each !== handlers)
      this.screens = this.screens.filter(each => each !== handlers)
    }
  }

  /** What is meant by what is open, without what always holds. */
  available(): CommandId[] {
    return COMMANDS.map(command => command.id).filter(id => this.screens.some(screen => screen()[id] !== undefined))
  }

  /** Does it, unless nobody can or it was done a moment ago. Says whether somebody could. */
  run(id: CommandId): boolean {
    const act = this.find(id)
    if (!act) return false
    if (SINGLE.has(id)) {
      const now = this.now()
      if (now - (this.last.get(id) ?? Number.NEGATIVE_INFINITY) < PAUSE) return true
      this.last.set(id, now)
    }
    act()
    return true
  }

  private find(id: CommandId): (() => void) | undefined {
    for (const screen of [...this.bases, ...this.screens].reverse()) {
      const act = screen()[id]
      if (act) return act
    }
    return undefined
  }
}

export const registry = new Registry(() => performance.now())
