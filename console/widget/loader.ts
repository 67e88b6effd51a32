// What a site embeds by its script tag: the round button, and on first use the chat's own page in an iframe. It sets no
// cookies, asks the server nothing until somebody opens the chat, and talks with that page only by exact origin.

import { type FromFrame, isFromFrame, type ToFrame } from './bridge'
import { BADGE, buttonIcon, STYLE } from './loaderLook'
import { language, loaderTexts } from './texts/loader'

type Api = {
  open: () => void
  close: () => void
  /** Opens the chat and writes this for the visitor. */
  ask: (text: string) => void
  /** Who is signed in at the site, as a token signed by it. Before the chat is opened. */
  identify: (jwt: string) => void
  /** `open`, `close`, and `unread` with how many. */
  on: (name: 'open' | 'close' | 'unread', run: (count: number) => void) => void
  /** Takes the chat off the page. */
  remove: () => void
}

declare global {
  interface Window {
    RelevoChat?: Api
  }
}

const SMALL = '(max-width: 480px), (max-height: 480px)'
const COLOUR = /^#[0-9a-f]{6}$/i

function start(tag: HTMLScriptElement): void {
  const host = new URL(tag.src).origin
  const { key = 'default', color = '', position = 'right', label = '', open: opened } = tag.dataset
  const locale = (tag.dataset.locale || document.documentElement.lang || navigator.language).slice(0, 10)
  const texts = loaderTexts(language(locale))
  const colour = COLOUR.test(color) ? color : ''
  const kept = `relevo.chat.${key}`
  const listeners = new Map<string, ((count: number) => void)[]>()
  const waiting: ToFrame[] = []
  let frame: HTMLIFrameElement | null = null
  let ready = false
  let shown = false
  let overflow: string | null = null
  const over = new AbortController()
  const { signal } = over

  const box = document.createElement('relevo-chat')
  const root = box.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]
  const button = document.createElement('button')
  button.type = 'button'
  button.className = label ? 'button wide' : 'button'
  button.setAttribute('aria-haspopup', 'dialog')
  button.setAttribute('aria-expanded', 'false')
  button.setAttribute('aria-label', label || texts.open)
  button.append(buttonIcon())
  if (label) button.append(document.createTextNode(label))
  const badge = document.createElement('span')
  badge.className = BADGE
  badge.hidden = true
  button.append(badge)
  root.append(button)
  if (position === 'left') box.dataset.side = 'left'
  if (colour) box.style.setProperty('--relevo-colour', colour)
  if (colour && light(colour)) box.style.setProperty('--relevo-on', '#111')

  const small = matchMedia(SMALL)
  const put = (message: ToFrame) => {
    if (ready) frame?.contentWindow?.postMessage(message, host)
    else waiting.push(message)
  }
  const load = () => {
    if (frame) return
    frame = document.createElement('iframe')
    const query = new URLSearchParams({ key, origin: self.origin, locale, ...(colour ? { colour } : {}) })
    frame.title = texts.title
    frame.allow = 'microphone; clipboard-write; autoplay'
    frame.className = 'panel'
    frame.hidden = true
    frame.src = `${host}/widget/frame?${query}`
    root.append(frame)
  }
  // On a telephone the keyboard covers a part of the page that does not become smaller: the panel does.
  const fitScreen = () => {
    const view = window.visualViewport
    if (!frame || !view) return
    const full = shown && small.matches
    frame.style.height = full ? `${view.height}px` : ''
    frame.style.top = full ? `${view.offsetTop}px` : ''
  }
  // The page behind a chat that covers it does not scroll along.
  const hold = (still: boolean) => {
    const { style } = document.documentElement
    if (still) {
      overflow ??= style.overflow
      style.overflow = 'hidden'
    } else if (overflow !== null) {
      style.overflow = overflow
      overflow = null
    }
  }
  const show = (next: boolean, quiet = false) => {
    if (next === shown) return
    load()
    shown = next
    if (frame) frame.hidden = !next
    box.toggleAttribute('open', next)
    button.setAttribute('aria-expanded', String(next))
    button.setAttribute('aria-label', next ? texts.close : label || texts.open)
    hold(next && small.matches)
    fitScreen()
    remember(kept, next ? 'open' : 'known')
    put(next ? { relevo: 1, type: 'open', quiet } : { relevo: 1, type: 'close' })
    emit(next ? 'open' : 'close', 0)
    if (next && !quiet) frame?.focus()
    else if (!next) button.focus({ preventScroll: true })
  }
  const emit = (name: string, data: number) => {
    for (const run of listeners.get(name) ?? []) run(data)
  }
  const count = (unread: number) => {
    if (badge.textContent !== String(unread)) emit('unread', unread)
    badge.hidden = unread === 0
    badge.textContent = unread > 9 ? '9+' : String(unread)
    if (!shown) button.setAttribute('aria-label', unread ? texts.unread(unread) : label || texts.open)
  }
  const obey = (message: FromFrame) => {
    if (message.type === 'ready') {
      ready = true
      box.toggleAttribute('ready', true)
      const value = recall(`${kept}.session`)
      if (value !== null) put({ relevo: 1, type: 'kept', value })
      for (const each of waiting.splice(0)) put(each)
    } else if (message.type === 'close') show(false)
    else if (message.type === 'unread') count(message.count)
    else if (message.type === 'keep') remember(`${kept}.session`, message.value)
  }
  window.addEventListener(
    'message',
    event => {
      const ours = frame !== null && event.source === frame.contentWindow && event.origin === host
      if (ours && isFromFrame(event.data)) obey(event.data)
    },
    { signal },
  )
  window.visualViewport?.addEventListener('resize', fitScreen, { signal })
  window.visualViewport?.addEventListener('scroll', fitScreen, { signal })
  small.addEventListener('change', fitScreen, { signal })
  button.addEventListener('click', () => show(!shown))
  window.addEventListener(
    'keydown',
    event => {
      if (event.key === 'Escape' && shown) show(false)
    },
    { signal },
  )

  window.RelevoChat = {
    open: () => show(true),
    close: () => show(false),
    ask: text => {
      show(true)
      put({ relevo: 1, type: 'ask', text })
    },
    identify: jwt => put({ relevo: 1, type: 'identify', jwt }),
    on: (name, run) => void listeners.set(name, [...(listeners.get(name) ?? []), run]),
    remove: () => {
      over.abort()
      box.remove()
      hold(false)
      delete window.RelevoChat
    },
  }
  document.body.append(box)
  const before = recall(kept)
  if (opened !== undefined && opened !== 'false' && before !== 'known' && !small.matches) show(true, true)
  else if (before === 'open' && !small.matches) show(true, true)
  else if (before !== null) window.setTimeout(load, 500)
}

function light(colour: string): boolean {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18
}

function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {
    return
  }
}

function recall(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

const tag = document.currentScript
if (tag instanceof HTMLScriptElement && !window.RelevoChat) {
  if (document.body) start(tag)
  else document.addEventListener('DOMContentLoaded', () => start(tag))
}
