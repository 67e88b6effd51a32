// What opens over the conversation: the menu, the letter with the conversation, the opinion at the end.

import type { Chat } from './chat'
import { h, icon } from './dom'
import type { Words } from './texts/words'
import type { Config } from './wire'

export class Menu {
  readonly button: HTMLButtonElement
  readonly list: HTMLElement

  constructor(words: Words, config: Config, chat: Chat, transcript: () => void) {
    const label = words.more
    const toggle = () => this.show(this.list.hidden !== false)
    const named = { type: 'button', class: 'round', 'aria-label': label, title: label }
    this.button = h(
      'button',
      { ...named, 'aria-haspopup': 'menu', 'aria-expanded': 'false', onclick: toggle },
      icon('more'),
    )
    this.list = h('div', { class: 'menu', role: 'menu', 'aria-label': label, hidden: true })
    const add = (text: string, drawn: Parameters<typeof icon>[0], run: () => void) => {
      const chosen = () => {
        this.show(false)
        run()
      }
      this.list.append(h('button', { type: 'button', role: 'menuitem', onclick: chosen }, icon(drawn), text))
    }
    add(words.askPerson, 'person', () => chat.say(words.askPersonSays))
    if (config.transcript) add(words.transcript, 'mail', transcript)
    add(words.end, 'flag', () => chat.end())
    this.list.addEventListener('keydown', event => this.move(event))
    document.addEventListener('pointerdown', event => {
      const inside =
        event.target instanceof Node && (this.list.contains(event.target) || this.button.contains(event.target))
      if (!this.list.hidden && !inside) this.show(false, false)
    })
  }

  /** Whether it was open, and is closed now. */
  dismiss(): boolean {
    if (this.list.hidden) return false
    this.show(false)
    return true
  }

  private show(open: boolean, focus = true): void {
    this.list.hidden = !open
    this.button.setAttribute('aria-expanded', String(open))
    if (open) this.list.querySelector('button')?.focus()
    else if (focus) this.button.focus()
  }

  private move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Tab') this.show(false)
    if (step === undefined) return
    event.preventDefault()
    const all = [...this.list.querySelectorAll('button')]
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    all[(at + step + all.length) % all.length]?.focus()
  }
}

export function transcriptSheet(words: Words, chat: Chat, done: () => void): HTMLElement {
  const field = h('input', { type: 'email', required: true, autocomplete: 'email', maxlength: 200, id: 'email' })
  const submit = (event: Event) => {
    event.preventDefault()
    chat.transcript(field.value.trim())
    done()
  }
  return h(
    'form',
    { class: 'sheet', onsubmit: submit },
    h('label', { for: 'email' }, words.transcriptLabel),
    field,
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'button', class: 'plain', onclick: done }, words.cancel),
      h('button', { type: 'submit', class: 'main' }, words.transcriptSend),
    ),
  )
}

export function ratingSheet(words: Words, chat: Chat): HTMLElement {
  let score = 0
  const stars = h('fieldset', { class: 'stars' }, h('legend', {}, words.rate))
  const comment = h('textarea', {
    rows: '2',
    maxlength: 500,
    placeholder: words.rateComment,
    'aria-label': words.rateComment,
  })
  const send = h('button', { type: 'submit', class: 'main' }, words.rateSend)
  const more = h('div', { hidden: true }, comment, send)
  const chosen = (value: number) => {
    score = value
    more.hidden = false
    for (const star of stars.querySelectorAll('label')) {
      star.toggleAttribute('data-on', Number(star.dataset.score) <= value)
    }
  }
  for (const value of [1, 2, 3, 4, 5]) {
    const input = h('input', { type: 'radio', name: 'score', value, class: 'hidden', onchange: () => chosen(value) })
    const label = h('span', { class: 'hidden' }, words.rateScore(value))
    stars.append(h('label', { 'data-score': value }, input, icon('star'), label))
  }
  const submit = (event: Event) => {
    event.preventDefault()
    if (score > 0) chat.rate(score, comment.value.trim())
  }
  const said = h('p', {}, h('strong', {}, words.ended), ` ${words.endedHelp}`)
  return h('form', { class: 'sheet rating', onsubmit: submit }, said, stars, more)
}
