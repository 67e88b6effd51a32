// The telephone of the demo: what a guest writes goes into the loopback WhatsApp, what comes out of it is shown.
const words = JSON.parse(document.getElementById('words').textContent)
const $ = (id) => document.getElementById(id)
const API = '/demo/whatsapp/api'
const EVERY = 900
const store = {
  get: (key) => { try { return localStorage.getItem(`relevo.phone.${key}`) } catch { return null } },
  set: (key, value) => { try { localStorage.setItem(`relevo.phone.${key}`, value) } catch { /* a private window */ } },
}
const made = () => `549341${String(Math.floor(1000000 + Math.random() * 8999999))}`

const me = { number: store.get('number') || made(), name: store.get('name') || 'Ana Paz', hidden: store.get('hidden') === '1' }
let drawn = ''

function remember() {
  for (const key of ['number', 'name']) store.set(key, me[key])
  store.set('hidden', me.hidden ? '1' : '0')
  $('number').value = me.number
  $('name').value = me.name
  $('hidden').checked = me.hidden
}

function element(tag, props = {}, ...children) {
  const found = Object.assign(document.createElement(tag), props)
  found.append(...children)
  return found
}

async function post(path, body) {
  const form = body instanceof FormData
  try {
    const answer = await fetch(`${API}/${path}`, {
      method: 'POST',
      body: form ? body : JSON.stringify({ ...me, ...body }),
      headers: form ? {} : { 'content-type': 'application/json' },
    })
    if (!answer.ok) throw new Error((await answer.json()).error?.message || words.failed)
    await refresh()
    return true
  } catch (error) {
    say(error instanceof TypeError ? words.failed : error.message)
    return false
  }
}

function say(text) {
  $('state').textContent = text
  $('state').dataset.until = String(Date.now() + 4000)
}

async function refresh() {
  let found
  try {
    found = await (await fetch(`${API}/thread?number=${me.number}&seen=${document.visibilityState === 'visible'}`)).json()
  } catch {
    say(words.failed)
    return
  }
  if (Number($('state').dataset.until || 0) < Date.now()) $('state').textContent = found.typing ? words.typing : words.online
  $('shut').hidden = found.open || found.bubbles.length === 0
  const now = JSON.stringify([me.number, found.bubbles])
  if (now === drawn) return
  drawn = now
  draw(found.bubbles)
}

function draw(bubbles) {
  const thread = $('thread')
  const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80
  const playing = [...thread.querySelectorAll('audio')].some((each) => !each.paused)
  if (playing) { drawn = ''; return }
  thread.replaceChildren(...(bubbles.length ? bubbles.map((each, at) => bubble(each, at === bubbles.length - 1)) : [element('li', { className: 'empty', textContent: words.empty })]))
  if (atEnd) thread.scrollTop = thread.scrollHeight
}

function bubble(each, last) {
  const box = element('div')
  if (each.type === 'template') box.append(element('span', { className: 'kind', textContent: words.template }))
  if (each.file) box.append(file(each))
  const text = each.text || (each.file ? '' : words.unshown)
  if (text) box.append(element('p', { textContent: text }))
  const at = new Date(each.at).toLocaleTimeString('es', { hour: '2-digit', minute: '2-digit' })
  const meta = element('div', { className: 'meta' }, element('span', { textContent: at }))
  if (each.mine) meta.append(element('span', { className: each.seen ? 'seen' : '', textContent: each.seen ? '✓✓' : '✓' }))
  box.append(meta)
  const item = element('li', { className: each.mine ? 'bubble mine' : 'bubble' }, box)
  if (each.options?.length) item.append(options(each, last))
  return item
}

function file(each) {
  const { url, type, name } = each.file
  if (type.startsWith('image/')) return element('img', { src: url, alt: words.photo, onload: toEnd })
  if (type.startsWith('audio/')) return element('audio', { src: url, controls: true, preload: 'metadata', ariaLabel: words.voice })
  if (type.startsWith('video/')) return element('video', { src: url, controls: true })
  return element('a', { href: url, download: name, textContent: `📄 ${name || words.file}` })
}

function toEnd() {
  const thread = $('thread')
  if (thread.scrollHeight - thread.scrollTop - thread.clientHeight < 400) thread.scrollTop = thread.scrollHeight
}

function options(each, last) {
  const choose = (option) => post('choose', { message_id: each.id, option_id: option.id })
  if (!each.list) {
    return element('div', { className: 'options' }, ...each.options.map((option) =>
      element('button', { type: 'button', textContent: option.title, disabled: !last, onclick: () => choose(option) })))
  }
  return element('div', { className: 'options' },
    element('button', { type: 'button', textContent: `☰ ${each.list}`, onclick: () => sheet(each.options, choose) }))
}

function sheet(list, choose) {
  const opener = document.activeElement
  const close = () => { $('sheet').hidden = true; opener?.focus() }
  $('sheet').querySelector('ul').replaceChildren(...list.map((option) => element('li', {}, element('button', {
    type: 'button', onclick: () => { close(); choose(option) },
  }, option.more || option.title))))
  $('sheet').querySelector('div > button').onclick = close
  $('sheet').onkeydown = (event) => { if (event.key === 'Escape') close() }
  $('sheet').onclick = (event) => { if (event.target === $('sheet')) close() }
  $('sheet').hidden = false
  $('sheet').querySelector('button').focus()
}

async function upload(content, name, voice) {
  const form = new FormData()
  form.append('file', content, name)
  for (const [key, value] of Object.entries({ number: me.number, name: me.name, hidden: me.hidden ? '1' : '', voice: voice ? '1' : '' })) form.append(key, value)
  return post('file', form)
}

let recorder
async function record() {
  if (recorder) { recorder.stop(); return }
  let stream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  } catch {
    say(words.no_microphone)
    return
  }
  const pieces = []
  recorder = new MediaRecorder(stream)
  recorder.ondataavailable = (event) => pieces.push(event.data)
  recorder.onstop = () => {
    for (const track of stream.getTracks()) track.stop()
    const type = recorder.mimeType
    recorder = undefined
    marked(false)
    void upload(new Blob(pieces, { type }), 'audio', true)
  }
  recorder.start()
  marked(true)
  say(words.recording)
}

function marked(on) {
  $('record').classList.toggle('on', on)
  $('record').ariaLabel = $('record').title = on ? words.stop : words.record
}

$('compose').onsubmit = async (event) => {
  event.preventDefault()
  const text = $('text').value.trim()
  if (text && (await post('say', { text }))) $('text').value = ''
}
$('text').onkeydown = (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); $('compose').requestSubmit() }
}
$('attach').onclick = () => $('file').click()
$('file').onchange = async () => {
  const chosen = $('file').files[0]
  if (chosen) await upload(chosen, chosen.name, false)
  $('file').value = ''
}
$('record').onclick = record
$('name').onchange = () => { me.name = $('name').value.trim() || me.name; remember() }
$('number').onchange = () => {
  const digits = $('number').value.replace(/\D/g, '')
  if (/^[1-9]\d{9,14}$/.test(digits)) me.number = digits
  remember()
  void refresh()
}
$('hidden').onchange = () => { me.hidden = $('hidden').checked; remember() }
$('fresh').onclick = () => { me.number = made(); remember(); void refresh() }
for (const button of document.querySelectorAll('[data-other]')) button.onclick = () => post('other', { what: button.dataset.other })
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') void refresh() })

remember()
void refresh()
setInterval(() => { if (document.visibilityState === 'visible') void refresh() }, EVERY)
