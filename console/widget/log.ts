// The conversation, drawn: one element a message, changed in place, so that what is being read or has the focus stays.

import type { Chat } from './chat'
import { h, icon } from './dom'
import { fileView } from './files'
import { paragraphs } from './markup'
import type { Words } from './texts/words'
import { type Item, textOf } from './thread'

const NEAR = 80

export class Log {
  readonly element: HTMLElement
  private readonly lines = h('ol', { class: 'lines' })
  private readonly typing = h('div', { class: 'typing', hidden: true })
  private readonly drawn = new Map<string, { element: HTMLElement; mark: string }>()

  constructor(
    private readonly chat: Chat,
    private readonly words: Words,
    private readonly locale: string,
  ) {
    this.typing.append(h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i', {}), h('i', {}), h('i', {})))
    this.typing.append(h('span', { class: 'hidden' }))
    const log = h('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': words.log, tabindex: '0' })
    log.append(h('p', { class: 'notice' }, icon('bot'), words.notice), this.lines, this.typing)
    this.element = log
  }

  update(): void {
    const { element } = this
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR
    const { items } = this.chat
    const before = this.drawn.size
    const kept = new Set<string>()
    items.forEach((item, at) => {
      kept.add(item.key)
      const line = this.line(item, items[at - 1])
      const there = this.lines.children[at]
      if (there !== line) this.lines.insertBefore(line, there ?? null)
    })
    for (const [key, { element: gone }] of this.drawn) {
      if (kept.has(key)) continue
      gone.remove()
      this.drawn.delete(key)
    }
    this.showTyping()
    const mine = items[items.length - 1]?.from === 'me' && this.drawn.size > before
    if (atEnd || mine || before === 0) this.toEnd()
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight
  }

  private showTyping(): void {
    const { typing } = this.chat
    this.typing.hidden = typing === null
    const said = this.typing.lastElementChild
    if (said) said.textContent = typing === 'agent' ? this.words.typingAgent : typing ? this.words.typingBot : ''
  }

  private line(item: Item, before: Item | undefined): HTMLElement {
    const first = before?.from !== item.from
    const day = dayOf(item.at, this.locale, this.words)
    const newDay = day !== (before ? dayOf(before.at, this.locale, this.words) : day)
    const mark = [item.state, item.id, first, newDay, item.parts.length].join()
    const known = this.drawn.get(item.key)
    if (known?.mark === mark) return known.element
    const made = h('li', {
      class: 'line',
      'data-from': item.from,
      'data-state': item.state,
      'data-first': String(first),
    })
    if (newDay) made.append(h('span', { class: 'day' }, day))
    made.append(this.who(item, first), this.bubble(item))
    if (item.state === 'failed') made.append(this.failed(item))
    known?.element.replaceWith(made)
    this.drawn.set(item.key, { element: made, mark })
    return made
  }

  /** Seen once in a row of messages, and heard before every one. */
  private who(item: Item, first: boolean): HTMLElement {
    const { words } = this
    const name = { me: words.you, bot: words.assistant, agent: words.team, system: words.team }[item.from]
    return h('span', { class: first && item.from !== 'me' ? 'who' : 'hidden' }, `${name}${first ? '' : ':'}`)
  }

  private bubble(item: Item): HTMLElement {
    const text = textOf(item)
    const bubble = h('div', { class: 'bubble' })
    if (text) bubble.append(h('div', { class: 'text' }, ...paragraphs(text)))
    for (const part of item.parts) {
      if (part.type !== 'text' && part.type !== 'choices') bubble.append(fileView(part, this.chat, this.words))
    }
    if (item.file && item.id === null) bubble.append(h('span', { class: 'file' }, icon('file'), item.file.name))
    const at = new Date(item.at)
    const time = at.toLocaleTimeString(this.locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    const sending = item.state === 'sending'
    bubble.append(h('time', { datetime: item.at }, sending ? `${this.words.sending}…` : time))
    return bubble
  }

  private failed(item: Item): HTMLElement {
    const again = () => this.chat.retry(item)
    const { failed, retry } = this.words
    return h('button', { type: 'button', class: 'failed', onclick: again }, icon('alert'), `${failed} ${retry}`)
  }
}

function dayOf(at: string, locale: string, words: Words): string {
  const day = new Date(at).toDateString()
  if (day === new Date().toDateString()) return words.today
  if (day === new Date(Date.now() - 86_400_000).toDateString()) return words.yesterday
  return new Date(at).toLocaleDateString(locale, { day: 'numeric', month: 'long' })
}
