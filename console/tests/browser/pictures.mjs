// A picture of every screen in every width and theme: `node pictures.mjs '{"chromium", "api", "fresh", "screens", ...}'`.
// `screens` are addresses by name; besides them the states that no address has. Says what is wider than its window.

import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const given = JSON.parse(process.argv[2])
const HEIGHTS = { 320: 640, 390: 844, 1280: 860, 1920: 1080, 3840: 2160 }
const wanted = name => !given.only || new RegExp(given.only).test(name)
mkdirSync(given.folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: given.chromium,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})

async function signedIn(who, api = given.api) {
  const context = await browser.newContext({ locale: 'es-AR' })
  const page = await context.newPage()
  await page.goto(`${api}/entrar`)
  await page.getByLabel('Correo electrónico').fill(`${who}@demo.relevo`)
  await page.getByLabel('Contraseña', { exact: true }).fill(given.password)
  await page.getByRole('button', { name: 'Entrar', exact: true }).click()
  await page.locator('#contenido').waitFor()
  const state = await context.storageState()
  await context.close()
  return state
}

async function settled(page) {
  await page.waitForFunction(() => document.querySelector('#contenido, form, main, h1, h2')?.textContent?.trim())
  await page
    .waitForFunction(() => !document.querySelector('.mantine-Skeleton-root, .mantine-Loader-root'), null, {
      timeout: 8_000,
    })
    .catch(() => undefined)
  await page.evaluate(() => document.fonts.ready)
}

async function draw(page, name) {
  await settled(page)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (wide > 1) process.stdout.write(`${name}: ${wide} px too wide\n`)
  await page.screenshot({ path: `${given.folder}/${name}.png` })
}

const admin = await signedIn('admin')
const agent = await signedIn('recepcion')
const fresh = await signedIn('admin', given.fresh)

/** What is behind a button: [name, whose, where, steps]. */
const states = [
  ['command-bar', admin, '/bandeja', async page => page.keyboard.press('Control+k')],
  ['help', admin, '/bandeja', async page => page.keyboard.press('?')],
  ['hand-back', agent, given.screens['conversation-human'], async page => page.keyboard.press('Alt+KeyV')],
  [
    'state-menu',
    agent,
    '/bandeja',
    async page =>
      page
        .getByRole('button', { name: /Disponible|Desconectado/ })
        .first()
        .click(),
  ],
  ['audio', agent, '/llamadas', async page => page.getByRole('button', { name: 'Activar audio' }).click()],
  ['export', admin, '/panel', async page => page.getByRole('button', { name: 'Exportar' }).first().click()],
  [
    'offline',
    agent,
    '/bandeja',
    async (page, context) => {
      await context.setOffline(true)
      await page.evaluate(() => window.dispatchEvent(new Event('offline')))
    },
  ],
  ['deposit', admin, '/senas', async page => page.locator('main button:has(time), main li button').first().click()],
  ['not-found', admin, '/no-existe', async () => undefined],
]

for (const width of given.widths) {
  for (const scheme of given.themes) {
    const size = { width, height: HEIGHTS[width] ?? 860 }
    const open = async state => {
      const context = await browser.newContext({
        locale: 'es-AR',
        viewport: size,
        colorScheme: scheme,
        hasTouch: width < 500,
        ...(state ? { storageState: state } : {}),
      })
      context.setDefaultTimeout(8_000)
      return { context, page: await context.newPage() }
    }
    const visit = async (state, list, prefix = '', api = given.api) => {
      const { context, page } = await open(state)
      for (const [name, path] of list) {
        const full = `${prefix}${name.replaceAll('/', '-')}-${width}-${scheme}`
        if (!wanted(full)) continue
        await page.goto(`${api}${path}`)
        await draw(page, full)
      }
      await context.close()
    }
    const screens = Object.entries(given.screens)
    await visit(null, [['sign-in', '/entrar']])
    await visit(admin, screens)
    await visit(
      agent,
      screens.filter(([name]) => /^(panel|asistente|ajustes|hoy|mi|yo|bandeja)$/.test(name)),
      'agent-',
    )
    await visit(
      fresh,
      screens.filter(([, path]) => !/[?]|\/[^/]+\//.test(path)),
      'fresh-',
      given.fresh,
    )
    for (const [name, state, path, steps] of states) {
      const full = `state-${name}-${width}-${scheme}`
      if (!wanted(full)) continue
      const { context, page } = await open(state)
      try {
        await page.goto(`${given.api}${path}`)
        await settled(page)
        await steps(page, context)
        await page.waitForTimeout(400)
        await draw(page, full)
      } catch (problem) {
        process.stdout.write(`${full}: ${String(problem).split('\n')[0]}\n`)
      }
      await context.close()
    }
  }
}
await browser.close()
