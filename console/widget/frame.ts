// The chat's page, inside a site's iframe or on its own: puts the parts together, and keeps the keyboard inside.

import './style/base.css'
import './style/page.css'
import './style/thread.css'
import './style/sheets.css'
import './style/composer.css'
import { type FromFrame, isToFrame } from './bridge'
import { Chat } from './chat'
import { Composer } from './composer'
import { h, icon } from './dom'
import { keepOutside, restore } from './kept'
import { Log } from './log'
import { Menu, ratingSheet, transcriptSheet } from './panels'
import { spoken } from './texts/loader'
import { words as wordsOf } from './texts/words'
import type { Config } from './wire'

const NOTE_SECONDS = 6

const config = JSON.parse(document.getElementById('config')?.textContent ?? '{}') as Config
const query = new URLSearchParams(location.search)
const locale = spoken(query.get('locale') || navigator.language, config.locale)
const words = wordsOf(locale)
const embedded = config.origin !== null && window.parent !== window
const tell = (message: FromFrame) => {
  if (embedded && config.origin) window.parent.postMessage(message, config.origin)
}

document.documentElement.lang = locale === 'en' ? 'en' : 'es'
document.title = config.name
const colour = query.get('colour') ?? ''
if (/^#[0-9a-f]{6}$/i.test(colour)) document.documentElement.style.setProperty('--brand', colour)

keepOutside(value => tell({ relevo: 1, type: 'keep', value }))
const chat = new Chat(
  { ...config, locale },
  () => update(),
  (code, message) =>
    code === 'slow_down' ? words.tooFast : code === 'text_too_long' ? words.tooLong : message || words.failed,
)
const log = new Log(chat, words, locale.replace('_', '-'))
const composer = new Composer(chat, words, config, text => {
  chat.note = { kind: 'wrong', text }
  update()
})
const status = h('span', { class: 'status', role: 'status' })
const face = h('span', { class: 'face' }, icon('bot'))
const band = h('div', { class: 'band', role: 'status', hidden: true })
const note = h('div', { class: 'note', role: 'alert', hidden: true })
const sheet = h('div', { class: 'over' })
const menu = new Menu(words, config, chat, () => openTranscript())
const named = (label: string) => ({ type: 'button' as const, class: 'round', 'aria-label': label, title: label })
const callButton = h(
  'button',
  { ...named(words.call), hidden: !config.call, onclick: () => void dial() },
  icon('phone'),
)
const closeButton = h(
  'button',
  { ...named(words.close), hidden: !embedded, onclick: () => tell({ relevo: 1, type: 'close' }) },
  icon('close'),
)
const root = h(
  embedded ? 'div' : 'main',
  { class: 'chat', role: embedded ? 'dialog' : null, 'aria-label': config.name },
  h(
    'header',
    {},
    face,
    h('div', { class: 'title' }, h('h1', {}, config.name), status),
    callButton,
    menu.button,
    closeButton,
    menu.list,
  ),
  band,
  log.element,
  note,
  sheet,
  composer.element,
)
document.body.append(root)

let calling = false
let rating: HTMLElement | null = null
let hush: ReturnType<typeof setTimeout> | undefined

function openTranscript(): void {
  const form = transcriptSheet(words, chat, () => {
    form.remove()
    composer.focus()
  })
  sheet.replaceChildren(form)
  form.querySelector('input')?.focus()
}

async function dial(): Promise<void> {
  if (calling) return
  calling = true
  callButton.disabled = true
  await chat.start()
  const { callPanel } = await import('./callPanel')
  if (!chat.session) return
  const panel = callPanel(chat.session, words, why => {
    calling = false
    callButton.disabled = false
    panel.remove()
    const normal = why === 'hung_up' || why === 'finished'
    chat.note = { kind: normal ? 'good' : 'wrong', text: normal ? words.calling.ended : words.calling.errors[why] }
    update()
    callButton.focus()
  })
  sheet.replaceChildren(panel)
  panel.querySelector<HTMLElement>('.danger')?.focus()
}

function update(): void {
  const { control, rated } = chat.standing
  const person = control === 'agent'
  status.textContent = person ? words.person : control === 'queued' ? words.queued : words.assistant
  root.dataset.control = control
  face.replaceChildren(icon(person ? 'person' : 'bot'))
  const failed = chat.phase === 'failed' || chat.phase === 'refused'
  const trouble = chat.phase === 'refused' ? words.notHere : words.unreachable
  const away = chat.phase === 'ready' && !chat.online
  const starting = chat.phase === 'starting' && chat.items.length === 0
  band.textContent = failed
    ? trouble
    : away
      ? words.offline
      : starting
        ? words.connecting
        : control === 'queued'
          ? words.waiting
          : ''
  band.hidden = band.textContent === ''
  band.dataset.kind = failed || away ? 'trouble' : 'calm'
  if (chat.phase === 'failed') {
    band.append(h('button', { type: 'button', class: 'plain', onclick: () => void chat.start() }, words.retry))
  }
  if (chat.note) showNote(chat.note)
  const wanted = control === 'closed' && !rated && chat.items.some(item => item.from === 'me')
  if (wanted && !rating) {
    rating = ratingSheet(words, chat)
    sheet.replaceChildren(rating)
    requestAnimationFrame(() => log.toEnd())
  } else if (!wanted && rating) {
    rating.remove()
    rating = null
  }
  composer.update()
  log.update()
  tell({ relevo: 1, type: 'unread', count: chat.unread })
}

function showNote({ kind, text }: { kind: string; text: string }): void {
  chat.note = null
  const said: Record<string, string> = { transcript: words.transcriptSent, rate: words.rated, end: '' }
  note.textContent = said[text] ?? text
  note.dataset.kind = kind
  note.hidden = note.textContent === ''
  clearTimeout(hush)
  hush = setTimeout(() => {
    note.hidden = true
  }, NOTE_SECONDS * 1_000)
}

function focusables(): HTMLElement[] {
  const all = root.querySelectorAll<HTMLElement>('button, a[href], input, textarea, audio, [tabindex="0"]')
  return [...all].filter(each => each.tabIndex >= 0 && !each.hasAttribute('disabled') && each.checkVisibility())
}

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    if (menu.dismiss()) return
    if (sheet.firstElementChild && !calling && !rating) {
      sheet.replaceChildren()
      composer.focus()
    } else tell({ relevo: 1, type: 'close' })
  }
  if (event.key !== 'Tab' || !embedded) return
  const all = focusables()
  const [first, last] = [all[0], all[all.length - 1]]
  const leaving = event.shiftKey ? document.activeElement === first : document.activeElement === last
  if (!leaving) return
  event.preventDefault()
  if (event.shiftKey) last?.focus()
  else first?.focus()
})

window.addEventListener('message', event => {
  if (event.source !== window.parent || event.origin !== config.origin || !isToFrame(event.data)) return
  const message = event.data
  if (message.type === 'identify') chat.identify(message.jwt)
  else if (message.type === 'kept') {
    restore(config.key, message.value)
    if (chat.resume()) void chat.start()
  } else if (message.type === 'ask') void chat.start().then(() => chat.say(message.text.slice(0, 2_000)))
  else {
    chat.show(message.type === 'open')
    if (message.type === 'open' && !message.quiet) composer.focus()
  }
})

update()
if (embedded) {
  tell({ relevo: 1, type: 'ready' })
  // Somebody who was here before hears of an answer without opening the chat.
  if (chat.resume()) void chat.start()
} else {
  chat.show(true)
  composer.focus()
}
