// A live call taken over in a real Chromium with a sound file for a microphone:
// `node calls.mjs '{"chromium", "api", "telephone", "password", "size", "microphone", ...}'`. Prints what it saw as one
// JSON object; who asked judges it.

import { chromium } from 'playwright-core'

const given = JSON.parse(process.argv[2])
const seen = { console: [], small: [], at: 'start' }
process.on('exit', code => code !== 0 && process.stderr.write(`\nseen: ${JSON.stringify(seen)}`))
const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } }
const phone = given.size === 'phone'
const CLEAR_DB = 10
const LEAST = 44

const browser = await chromium.launch({
  executablePath: given.chromium,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--mute-audio',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${given.microphone}`,
    '--autoplay-policy=no-user-gesture-required',
  ],
})
const context = await browser.newContext({
  locale: 'es-AR',
  viewport: SIZES[given.size],
  hasTouch: phone,
  acceptDownloads: true,
})
context.setDefaultTimeout(15_000)

/** Puts an analyser on the track that comes: what the agent hears, in dB of the wanted tone over all the rest. */
function ears(hz) {
  const Real = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Real {
    constructor(...options) {
      super(...options)
      this.addEventListener('track', event => {
        const sound = new AudioContext()
        const analyser = sound.createAnalyser()
        analyser.fftSize = 8192
        analyser.smoothingTimeConstant = 0
        sound.createMediaStreamSource(new MediaStream([event.track])).connect(analyser)
        window.heardDb = () => {
          const power = new Float32Array(analyser.frequencyBinCount)
          analyser.getFloatFrequencyData(power)
          const bin = sound.sampleRate / analyser.fftSize
          const sums = [1e-20, 1e-20]
          power.forEach((db, at) => {
            if (at * bin < 4000) sums[Math.abs(at * bin - hz) <= 60 ? 0 : 1] += 10 ** (db / 10)
          })
          return 10 * Math.log10(sums[0] / sums[1])
        }
      })
    }
  }
}
await context.addInitScript(ears, given.customer_hz)

const page = await context.newPage()
page.on('pageerror', error => seen.console.push(error.message))
const main = page.locator('#contenido')
const button = (name, where = page) =>
  where.getByRole('button', { name, exact: true }).filter({ visible: true }).first()

const tell = what => fetch(`${given.telephone}/${what}`, { method: 'POST' })
const ear = async () => (await fetch(`${given.telephone}/ear`)).json()

async function until(what, good) {
  seen.at = what.name ?? String(what)
  const end = Date.now() + 15_000
  for (;;) {
    const value = await what()
    if (good(value)) return value
    if (Date.now() > end) throw new Error(`never came: ${good}; the last was ${JSON.stringify(value)}`)
    await page.evaluate(() => new Promise(requestAnimationFrame))
  }
}

/** A finger must be able to hit it: large enough, and inside the window. */
async function reachable(locator, name) {
  const box = await locator.boundingBox()
  const { width, height } = SIZES[given.size]
  const inside = box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height
  if (!inside || box.height < LEAST || box.width < LEAST) seen.small.push({ name, box })
}

await page.goto(`${given.api}/entrar?from=/llamadas`)
await page.getByLabel('Correo electrónico').fill('marta@x.com')
await page.getByLabel('Contraseña', { exact: true }).fill(given.password)
await button('Entrar').click()
await page.getByRole('heading', { name: 'Llamadas', level: 1 }).waitFor()

// Her state and her voice.
await button(/Desconectado/).click()
await page.getByRole('menuitem', { name: /Disponible/ }).click()
await button('Activar audio').click()
await page.getByRole('dialog').getByText('Audio activado').first().waitFor()
await page.keyboard.press('Escape')
await page.getByRole('dialog').waitFor({ state: 'detached' })

// A customer talks with the assistant; the agent sees it as it is said, and takes the call.
await tell('dial')
const card = main.getByRole('button', { name: /Asistente/ }).first()
await card.waitFor()
if (phone) await card.click()
const said = page.getByRole('log').getByText(given.sentence)
await page.getByRole('log').getByText('asistente virtual').first().waitFor()
seen.greeted = true
await until(ear, ({ level_db }) => level_db < -50)
await tell('say/sentence')
await said.waitFor()
const take = button('Tomar el control', main)
if (phone) await reachable(take, 'take')
await take.click()
await main.getByText('El cliente oye tu voz').filter({ visible: true }).first().waitFor()

seen.agent_at_customer_db = (await until(ear, ({ agent_db }) => agent_db >= CLEAR_DB)).agent_db
await tell('say/tone')
const heard = () => page.evaluate(() => window.heardDb?.() ?? -200)
seen.customer_at_agent_db = await until(heard, db => db >= CLEAR_DB)

// On hold and back: on a phone by the bar that is there on every screen.
let controls = page.getByRole('group', { name: 'Controles de la llamada' })
if (phone) {
  await page.getByRole('link', { name: 'Bandeja' }).filter({ visible: true }).first().click()
  controls = page.getByRole('region', { name: 'Llamada en curso' })
  for (const name of ['Silenciar', 'Espera', 'Devolver', 'Abrir']) await reachable(button(name, controls), name)
}
await button('Espera', controls).click()
seen.hold = await until(ear, ({ agent_db, level_db }) => agent_db < 0 && level_db > -50)
// What is pressed again within a second is not done.
const resume = button('Seguir', controls)
const resumed = async () => {
  if (await resume.isVisible()) await resume.click()
  return button('Espera', controls).isVisible()
}
await until(resumed, Boolean)
await until(ear, ({ agent_db }) => agent_db >= CLEAR_DB)

// Handed back with one line; then the result is asked for.
await button(phone ? 'Devolver' : 'Devolver al asistente').click()
await page.getByRole('dialog').getByRole('textbox').fill('Se le dijo que sí, hasta 5 metros.')
await page
  .getByRole('dialog')
  .getByRole('button', { name: /^Devolver/ })
  .click()
const wrap = page.getByRole('dialog', { name: 'Cierre' })
await wrap.getByText('Esta cola pide un resultado.').waitFor()
await wrap.getByLabel('Solo preguntó').check()
await wrap.getByRole('button', { name: 'Guardar y terminar' }).click()
await wrap.waitFor({ state: 'detached' })
const stored = await page.evaluate(async () => {
  const calls = await (await fetch('/api/calls')).json()
  return (await fetch(`/api/conversations/${calls.items[0].conversation_id}/results`)).json()
})
seen.result = stored.chosen?.name
await tell('hang_up')

// The recording is found by a word that the customer said; a sentence leads to its place.
if (!phone) {
  await page.goto(`${given.api}/grabaciones`)
  const rows = page.getByRole('list', { name: 'Grabaciones' }).getByRole('listitem')
  await rows.first().waitFor()
  await page.getByLabel('Buscar en lo que se dijo').fill('hipopótamo')
  await page.getByText('Ninguna grabación coincide con la búsqueda.').waitFor()
  await page.getByLabel('Buscar en lo que se dijo').fill(given.word)
  await rows.first().waitFor()
  seen.found = await rows.count()
  await rows.first().getByRole('button').click()
  const player = page.getByRole('region', { name: 'Reproductor' })
  const wave = player.locator('svg[preserveAspectRatio="none"]').first()
  await wave.locator('path[d*="L"]').first().waitFor({ state: 'attached' })
  seen.lanes = await wave.locator('path').evaluateAll(lanes => lanes.map(lane => lane.getBBox().height))
  seen.markers = await page
    .getByRole('list', { name: 'Marcas' })
    .getByRole('button')
    .evaluateAll(marks => marks.map(mark => mark.ariaLabel.split(/[·,] ?/)[0].trim()))
  seen.at = 'sentence'
  const place = () => page.evaluate(() => document.querySelector('audio')?.currentTime ?? 0)
  const before = await place()
  await page
    .getByRole('list', { name: 'Transcripción' })
    .getByRole('button', { name: new RegExp(given.word) })
    .click()
  seen.place = [before, await until(place, at => at > before + 1)]

  await button('Descargar', player).click()
  const form = page.getByRole('dialog', { name: 'Descargar la grabación' })
  const go = form.getByRole('button', { name: 'Descargar' })
  seen.download = { before: await go.isDisabled() }
  await form.getByLabel('Motivo de la descarga').fill('Lo pidió el huésped')
  const [file] = await Promise.all([page.waitForEvent('download'), go.click()])
  seen.download.name = file.suggestedFilename()
}

await browser.close()
process.stdout.write(JSON.stringify(seen))
