// Where the visitor writes: words, quick replies, files and voice notes.

import type { Chat } from './chat'
import { h, icon } from './dom'
import { Recorder } from './recorder'
import type { Words } from './texts/words'
import { choices } from './thread'
import type { Config } from './wire'

const MOST = 2_000
const TALLEST = 120

export class Composer {
  readonly element: HTMLElement
  private readonly replies = h('div', { class: 'replies' })
  private readonly field: HTMLTextAreaElement
  private readonly sendButton: HTMLButtonElement
  private readonly micButton: HTMLButtonElement
  private readonly form: HTMLFormElement
  private readonly recorder: Recorder
  private offered = ''

  constructor(
    private readonly chat: Chat,
    private readonly words: Words,
    private readonly config: Config,
    private readonly complain: (text: string) => void,
  ) {
    this.field = h('textarea', {
      rows: '1',
      maxlength: MOST,
      placeholder: words.placeholder,
      'aria-label': words.placeholder,
      enterkeyhint: 'send',
      autocomplete: 'off',
    })
    const input = h('input', { type: 'file', class: 'hidden', tabindex: '-1', 'aria-hidden': 'true' })
    input.accept = config.upload.types.join(',')
    const attach = button('attach', words.attach, 'clip', () => input.click())
    this.sendButton = button('send', words.send, 'send', () => this.submit())
    this.sendButton.type = 'submit'
    this.micButton = button('mic', words.record, 'mic', () => void this.recorder.start())
    this.form = h('form', { class: 'form' }, attach, input, this.field, this.micButton, this.sendButton)
    this.recorder = new Recorder(words, this.form, {
      onNote: file => this.file(file),
      onDenied: () => complain(words.recordDenied),
    })
    this.element = h('div', { class: 'composer' }, this.replies, this.form, this.recorder.element)
    input.addEventListener('change', () => {
      this.file(input.files?.[0])
      input.value = ''
    })
    this.form.addEventListener('submit', event => {
      event.preventDefault()
      this.submit()
    })
    this.field.addEventListener('input', () => {
      this.grow()
      if (this.field.value.trim()) chat.typed()
    })
    this.field.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      this.submit()
    })
    this.field.addEventListener('paste', event => {
      const file = event.clipboardData?.files[0]
      if (file) this.file(file)
    })
    this.grow()
  }

  focus(): void {
    this.grow()
    this.field.focus({ preventScroll: true })
  }

  file(file: File | undefined): void {
    if (!file) return
    const { max_mb, types } = this.config.upload
    const type = file.type.split(';')[0] ?? ''
    if (file.size > max_mb * 1e6) this.complain(this.words.tooBig(max_mb))
    else if (type && !types.includes(type)) this.complain(this.words.notAllowed)
    else this.chat.attach(file)
  }

  update(): void {
    const over = this.chat.standing.control === 'closed'
    const offered = this.chat.typing || over ? null : choices(this.chat.items)
    const mark = `${offered?.msgId}${this.chat.standing.control}`
    if (mark === this.offered) return
    this.offered = mark
    const { askPerson, askPersonSays } = this.words
    const made = (offered?.options ?? []).map(option =>
      h(
        'button',
        {
          type: 'button',
          class: 'reply',
          onclick: () => {
            if (offered) this.chat.say(option.text, { msg_id: offered.msgId, option_id: option.id })
            this.focus()
          },
        },
        option.text,
      ),
    )
    const person = this.chat.standing.control === 'bot'
    if (person && !(offered?.options ?? []).some(option => option.text === askPerson)) {
      const ask = () => {
        this.chat.say(askPersonSays)
        this.focus()
      }
      made.push(h('button', { type: 'button', class: 'reply person', onclick: ask }, icon('person'), askPerson))
    }
    const focused = this.replies.contains(document.activeElement)
    this.replies.replaceChildren(...made)
    if (focused) this.focus()
  }

  private submit(): void {
    const text = this.field.value.trim()
    if (!text) return
    this.chat.say(text)
    this.field.value = ''
    this.grow()
    this.focus()
  }

  private grow(): void {
    const { field } = this
    field.style.height = 'auto'
    field.style.height = `${Math.min(TALLEST, field.scrollHeight)}px`
    field.style.overflowY = field.scrollHeight > TALLEST ? 'auto' : 'hidden'
    const empty = field.value.trim() === ''
    const speaks = empty && this.config.voice_notes && Recorder.able()
    this.micButton.hidden = !speaks
    this.sendButton.hidden = speaks
    this.sendButton.disabled = empty
  }
}

function button(name: string, label: string, drawn: Parameters<typeof icon>[0], run: () => void): HTMLButtonElement {
  const made = h('button', { type: 'button', class: `round ${name}`, 'aria-label': label, title: label }, icon(drawn))
  if (name !== 'send') made.addEventListener('click', run)
  return made
}
