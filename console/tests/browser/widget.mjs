// The chat in a real Chromium, on a page of another site: `node widget.mjs '{"chromium", "page", "evil", "api", "token"}'`.
// Prints what it saw as one JSON object; who asked judges it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const given = JSON.parse(process.argv[2])
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const seen = { console: [] }
process.on('exit', code => code !== 0 && process.stderr.write(`\nseen: ${JSON.stringify(seen)}`))
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const browser = await chromium.launch({
  executablePath: given.chromium,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'].concat([
    '--disable-background-networking',
    '--disable-component-update',
  ]),
})

async function open(url, options = {}) {
  const context = await browser.newContext({ locale: 'es-AR', viewport: { width: 1280, height: 800 }, ...options })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  page.on('pageerror', error => seen.console.push(error.message))
  page.on('console', message => message.type() === 'error' && seen.console.push(message.text()))
  const requests = []
  page.on('request', request => requests.push(request.url()))
  await page.goto(url)
  await page.locator('relevo-chat .button').waitFor()
  return { context, page, requests, frame: page.frameLocator('relevo-chat iframe') }
}

const focused = page => page.evaluate(() => document.activeElement?.tagName.toLowerCase())
const inFrame = frame => frame.locator(':focus').evaluate(element => element.tagName.toLowerCase())
const staff = (path, body) =>
  fetch(given.api + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${given.token}`, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : undefined,
  }).then(answer => (answer.status === 204 ? null : answer.json()))

async function faults(page, frame) {
  const found = []
  const inside = page.frames().find(each => each.url().includes('/widget/frame'))
  for (const where of [page.mainFrame(), inside]) {
    if (!where) continue
    await where.evaluate(axe).catch(() => null)
    // A page that lets no foreign script in is asked through the debugger's own door.
    const results = await where.evaluate(() => globalThis.axe?.run(document, { resultTypes: ['violations'] }))
    for (const each of results?.violations ?? []) found.push(`${each.id}: ${each.nodes[0]?.target.join(' ')}`)
    found.checked = (found.checked ?? 0) + (results ? 1 : 0)
  }
  await frame.locator('.chat').waitFor()
  return { found, checked: found.checked }
}

async function say(frame, text) {
  await frame.locator('.form textarea').fill(text)
  await frame.locator('.form textarea').press('Enter')
}

const here = await open(given.page)
seen.requests_before = here.requests.filter(url => !url.startsWith(given.page)).map(url => new URL(url).pathname)

// By keyboard alone.
await here.page.keyboard.press('Tab')
await here.page.keyboard.press('Tab')
seen.tabbed_to = await focused(here.page)
await here.page.keyboard.press('Enter')
await here.frame.locator('.bubble').first().waitFor()
seen.focus_on_open = await inFrame(here.frame)
seen.label = await here.frame.locator('.status').textContent()
seen.greeting = await here.frame.locator('.bubble .text').first().textContent()
await here.page.keyboard.type('¿Tienen cochera?')
await here.page.keyboard.press('Enter')
await here.frame.locator('.line[data-from=bot]').nth(1).waitFor()
seen.axe_light = await faults(here.page, here.frame)
await here.page.emulateMedia({ colorScheme: 'dark' })
seen.axe_dark = await faults(here.page, here.frame)

const stops = new Set()
for (let at = 0; at < 14; at += 1) {
  await here.page.keyboard.press('Tab')
  stops.add(await focused(here.page))
}
seen.focus_kept_in = [...stops]
await here.page.keyboard.press('Escape')
await here.page.locator('relevo-chat iframe').waitFor({ state: 'hidden' })
seen.closed = true
seen.focus_after_close = await focused(here.page)

// A person answers while the chat is closed, and after a reload everything is there.
const listing = await staff('/api/conversations?folder=all')
const id = listing.items[0].id
await staff(`/api/conversations/${id}/take_over`, {})
await staff(`/api/conversations/${id}/messages`, { text: 'Sí, con lugar para **dos** autos: https://hotel.example/x.' })
await here.page.locator('relevo-chat .badge:not([hidden])').waitFor()
seen.badge = await here.page.locator('relevo-chat .badge').textContent()
await here.page.reload()
await here.page.locator('relevo-chat .badge:not([hidden])').waitFor()
seen.badge_after_reload = await here.page.locator('relevo-chat .badge').textContent()
await here.page.locator('relevo-chat .button').click()
await here.frame.locator('.line[data-from=agent]').waitFor()
seen.lines_after_reload = await here.frame.locator('.line').count()
seen.person = await here.frame.locator('.status').textContent()
seen.link = await here.frame.locator('.bubble a').evaluate(link => [link.href, link.rel, link.target])
await say(here.frame, '<img src=x onerror=alert(1)> gracias')
seen.markup_is_text = (await here.frame.locator('.bubble img').count()) === 0

// A file, and what is written without a network is sent when it is back, once.
await here.frame.locator('input[type=file]').setInputFiles({ name: 'seña.png', mimeType: 'image/png', buffer: PNG })
await here.frame.locator('.picture img').waitFor()
await here.frame.locator('.line[data-state=sending]').first().waitFor({ state: 'detached' })
seen.files = await here.frame.locator('.bubble:has(.picture, .file)').count()
await here.frame.locator('input[type=file]').setInputFiles({ name: 'x.svg', mimeType: 'image/svg+xml', buffer: PNG })
seen.refused_file = await here.frame.locator('.note').textContent()
await here.context.setOffline(true)
await say(here.frame, 'desde el ascensor')
await here.context.setOffline(false)
await here.frame.locator('.line[data-state=done]', { hasText: 'desde el ascensor' }).waitFor()
await here.page.waitForTimeout(300)
const thread = await staff(`/api/conversations/${id}`)
seen.sent_once = thread.messages.filter(message => message.text === 'desde el ascensor').length
await staff(`/api/conversations/${id}/typing`, {})
await here.frame.locator('.typing:not([hidden])').waitFor()
await here.context.close()

// A small telephone.
const small = await open(given.page, { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true })
await small.page.locator('relevo-chat .button').click()
await small.frame.locator('.bubble').first().waitFor()
seen.small = await small.frame
  .locator('.chat')
  .evaluate(main => [document.documentElement.scrollWidth, main.offsetHeight])
await small.frame.locator('header .round').last().click()
await small.page.locator('relevo-chat iframe').waitFor({ state: 'hidden' })
seen.small_closed = true
await small.context.close()

// A network that lets no socket through.
const blocked = await browser.newContext({ locale: 'en-GB' })
blocked.setDefaultTimeout(20_000)
const deaf = await blocked.newPage()
await deaf.routeWebSocket(/ws\/chat/, socket => socket.close({ code: 1011 }))
await deaf.goto(given.page)
await deaf.locator('relevo-chat .button').click()
const deafFrame = deaf.frameLocator('relevo-chat iframe')
await deafFrame.locator('.bubble').first().waitFor()
await say(deafFrame, '¿Tienen desayuno?')
await deafFrame.locator('.line[data-from=bot]').nth(1).waitFor()
seen.deaf = await deafFrame.locator('.status').textContent()
await blocked.close()

// A page that may not show it.
const evil = await open(given.evil)
await evil.page.locator('relevo-chat .button').click()
await evil.page.waitForTimeout(1_500)
seen.evil = evil.page.frames().some(each => each.url().startsWith(given.api) && each.url().includes('embed'))
seen.evil_chat = await evil.frame
  .locator('.bubble')
  .count()
  .catch(() => 0)
seen.console_of_evil = seen.console.splice(0).length
await evil.context.close()

await browser.close()
process.stdout.write(JSON.stringify(seen))
