// A call from the chat, over the page's own line: loaded only when somebody calls.

import { BrowserCall, type CallEnd } from '../src/audio/browserCall'
import { h, icon } from './dom'
import type { Words } from './texts/words'
import type { Session } from './wire'

export function callPanel(session: Session, words: Words, done: (why: CallEnd) => void): HTMLElement {
  const t = words.calling
  const status = h('strong', { role: 'status' }, t.asking)
  const clock = h('span', { class: 'clock', role: 'timer' })
  const level = h('span', { class: 'level', 'aria-hidden': 'true' })
  const captions = h('div', { class: 'captions', role: 'log', 'aria-label': t.captions, tabindex: '0' })
  let timer: ReturnType<typeof setInterval> | undefined
  let muted = false
  let last: { author: string; line: HTMLElement; at: number } | null = null
  const call = new BrowserCall(session, {
    onState: state => {
      status.textContent = t[state]
      if (state !== 'live') return
      const since = Date.now()
      const tick = () => {
        const seconds = Math.floor((Date.now() - since) / 1_000)
        clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
      }
      tick()
      timer = setInterval(tick, 1_000)
    },
    onLevel: value => level.style.setProperty('--level', String(Math.min(1, Math.sqrt(value) * 1.8))),
    onCaption: caption => {
      const now = Date.now()
      // Words that are still being recognised replace themselves.
      const growing = last?.author === 'customer' && caption.author === 'customer' && now - last.at < 2_500
      const name = caption.author === 'customer' ? words.you : caption.author === 'agent' ? words.team : t.bot
      const line = h('p', {}, h('strong', {}, `${name}: `), caption.text)
      if (growing && last) last.line.replaceWith(line)
      else captions.append(line)
      last = { author: caption.author, line, at: now }
      captions.scrollTop = captions.scrollHeight
    },
    onEnd: why => {
      clearInterval(timer)
      done(why)
    },
  })
  const mute = h('button', { type: 'button', class: 'plain', 'aria-pressed': 'false' }, icon('mic'), t.mute)
  mute.addEventListener('click', () => {
    muted = !muted
    call.mute(muted)
    mute.setAttribute('aria-pressed', String(muted))
    mute.replaceChildren(icon('mic'), muted ? t.unmute : t.mute)
  })
  const hangUp = h(
    'button',
    { type: 'button', class: 'main danger', onclick: () => call.hangUp() },
    icon('hangUp'),
    t.hangUp,
  )
  void call.dial()
  return h(
    'section',
    { class: 'sheet call', 'aria-label': t.title },
    h('div', { class: 'row' }, level, status, clock),
    captions,
    h('div', { class: 'row' }, mute, hangUp),
  )
}
