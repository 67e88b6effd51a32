// The desk in a real Chromium over the real server, on a desktop and a telephone:
// `node desk.mjs '{"chromium", "api", "password", "chats": [{id, token}], "folder"}'`. Prints what it saw as one JSON
// object; who asked judges it. `folder` receives a picture of every screen, in both themes and sizes.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const given = JSON.parse(process.argv[2])
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const seen = { console: [], faults: {}, sideways: [], screens: 0 }
process.on('exit', code => code !== 0 && process.stderr.write(`\nseen: ${JSON.stringify(seen)}`))
const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } }
const SERIOUS = ['serious', 'critical']

const browser = await chromium.launch({
  executablePath: given.chromium,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'].concat([
    '--disable-background-networking',
    '--disable-component-update',
  ]),
})

const [first, other] = given.chats
async function write(chat, text) {
  const answer = await fetch(`${given.api}/api/webchat/sessions/${chat.id}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${chat.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  if (!answer.ok) throw new Error(`a message was refused: ${answer.status}`)
}

async function signedIn(size, colorScheme) {
  const context = await browser.newContext({
    locale: 'es-AR',
    viewport: SIZES[size],
    colorScheme,
    hasTouch: size === 'phone',
    acceptDownloads: true,
  })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  page.on('pageerror', error => seen.console.push(error.message))
  await page.goto(`${given.api}/entrar`)
  await page.getByLabel('Correo electrónico').fill('admin@x.com')
  await page.getByLabel('Contraseña', { exact: true }).fill(given.password)
  await page.getByRole('button', { name: 'Entrar', exact: true }).click()
  await page.locator('#contenido').waitFor()
  return { context, page }
}

async function quiet(page) {
  await page.waitForFunction(() => document.querySelector('#contenido')?.innerText.trim())
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
}

async function look(page, name) {
  await quiet(page)
  await page.evaluate(axe)
  const results = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  const found = results.violations.filter(each => SERIOUS.includes(each.impact))
  if (found.length > 0) seen.faults[name] = found.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (wide > 1) seen.sideways.push(`${name}: ${wide}`)
  if (given.folder) await page.screenshot({ path: `${given.folder}/${name}.png` })
  seen.screens += 1
}

const desk = await signedIn('desktop', 'light')
const { page } = desk

// Two clicks with the receipt beside them.
await page.goto(`${given.api}/senas`)
await page.getByText(given.guest).first().click()
seen.receipt = await page.locator('main img, main iframe, main object').first().isVisible()
await page.getByRole('button', { name: 'Confirmar seña' }).click()
await page.getByRole('button', { name: /^Sí, llegaron/ }).click()

await page.getByText(/confirmada\. La reserva se está haciendo/).waitFor()
seen.confirmed = true

// A chat is taken over and answered.
await page.goto(`${given.api}/c/${first.id}`)
await page.getByRole('button', { name: 'Tomar el control' }).first().click()
const box = page.getByPlaceholder('Escribir al cliente…')
await box.fill('Hola, soy Ada, del hotel.')
await page.keyboard.press('Enter')
await page.getByText('Hola, soy Ada, del hotel.').first().waitFor()
seen.took = true

// The connection is gone for a while; what came meanwhile in each conversation is there, once, and in order.
await write(other, 'Hola, ¿hay alguien?')
await desk.context.setOffline(true)
await page.evaluate(() => window.dispatchEvent(new Event('offline')))
const numbers = Array.from({ length: given.messages }, (_, at) => at + 1)
const missed = number => `Mensaje sin conexión ${number}.`
for (const number of numbers) {
  for (const chat of given.chats) await write(chat, missed(number))
  await new Promise(resolve => setTimeout(resolve, given.offline_ms / given.messages))
}
await desk.context.setOffline(false)
await page.evaluate(() => window.dispatchEvent(new Event('online')))
const thread = page.locator('main').getByRole('log')
seen.after_offline = []
seen.in_order = []
for (const chat of given.chats) {
  if (chat !== first) await page.locator(`main a[href="/c/${chat.id}"]`).first().click()
  await thread.getByText(missed(given.messages), { exact: true }).first().waitFor({ timeout: 60_000 })
  const lines = await thread.innerText()
  seen.after_offline.push(numbers.map(number => lines.split(missed(number)).length - 1))
  const places = numbers.map(number => lines.indexOf(missed(number)))
  seen.in_order.push(places.every((place, at) => at === 0 || place > places[at - 1]))
}

// One's state is said with two clicks.
const bar = page.locator('section[aria-label]').filter({ has: page.getByRole('button', { name: /Desconectado/ }) })
await bar
  .getByRole('button', { name: /Desconectado/ })
  .first()
  .click()
await page
  .getByRole('menuitem', { name: /Disponible/ })
  .or(page.getByRole('option', { name: /Disponible/ }))
  .first()
  .click()
await page
  .getByRole('button', { name: /Disponible/ })
  .first()
  .waitFor()
seen.state = true

// The day is taken away as a file.
await page.goto(`${given.api}/panel`)
await page.getByRole('button', { name: 'Exportar' }).first().click()
await page.getByText('CSV', { exact: true }).click()
const [file] = await Promise.all([
  page.waitForEvent('download'),
  page.getByRole('button', { name: 'Descargar' }).click(),
])
seen.file = file.suggestedFilename()
seen.rows =
  readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n').length - 1
await desk.context.close()

// With pictures every size has both themes; without, each theme has one.
for (const size of Object.keys(SIZES)) {
  for (const scheme of given.folder ? ['light', 'dark'] : [size === 'phone' ? 'dark' : 'light']) {
    const there = await signedIn(size, scheme)
    for (const path of given.screens) {
      await there.page.goto(`${given.api}${path}`)
      await there.page.locator('#contenido').waitFor()
      await look(there.page, `${path.slice(1).replaceAll(/[/?=]/g, '-')}-${size}-${scheme}`)
    }
    await there.context.close()
  }
}

await browser.close()
process.stdout.write(JSON.stringify(seen))
