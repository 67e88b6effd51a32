// The console as an app in a real Chromium: `node app.mjs '{"chromium", "api", "email", "password", "profile", "folder"}'`. Between
// the browser and the server stands a door of its own, which can be shut and can hand out another worker. Prints what it
// saw as one JSON object; who asked judges it.

import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { chromium } from 'playwright-core'

const given = JSON.parse(process.argv[2])
const seen = { errors: [] }
process.on('exit', code => code !== 0 && process.stderr.write(`\nseen: ${JSON.stringify(seen)}`))
const server = new URL(given.api)

const door = { other: false, sockets: new Set(), http: null }

function open(port) {
  door.http = createServer((asked, answer) => {
    const options = { host: server.hostname, port: server.port, path: asked.url, method: asked.method }
    const headers = asked.url === '/sw.js' ? { ...asked.headers, 'accept-encoding': 'identity' } : asked.headers
    const passed = request({ ...options, headers }, reply => {
      if (asked.url !== '/sw.js' || !door.other) {
        answer.writeHead(reply.statusCode, reply.headers)
        reply.pipe(answer)
        return
      }
      const kept = { 'content-type': reply.headers['content-type'], 'cache-control': 'no-cache' }
      answer.writeHead(200, kept)
      reply.on('data', part => answer.write(part))
      reply.on('end', () => answer.end('\n// newer'))
    })
    passed.on('error', () => answer.destroy())
    asked.pipe(passed)
  })
  door.http.on('connection', socket => {
    door.sockets.add(socket)
    socket.on('close', () => door.sockets.delete(socket))
  })
  door.http.on('upgrade', (asked, socket, head) => {
    const lines = asked.rawHeaders.flatMap((value, at, all) => (at % 2 ? [] : [`${value}: ${all[at + 1]}`]))
    const there = connect(server.port, server.hostname, () => {
      there.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      if (head.length > 0) there.write(head)
      socket.pipe(there).pipe(socket)
    })
    for (const each of [there, socket]) each.on('error', () => [there, socket].forEach(end => void end.destroy()))
  })
  return new Promise(resolve => door.http.listen(port, 'localhost', () => resolve(door.http.address().port)))
}

function shut() {
  const closed = new Promise(resolve => door.http.close(resolve))
  for (const socket of door.sockets) socket.destroy()
  return closed
}

const port = await open(0)
const home = `http://localhost:${port}`
// A private window has no apps.
const context = await chromium.launchPersistentContext(given.profile, {
  executablePath: given.chromium,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  locale: 'es-AR',
  viewport: { width: 390, height: 844 },
})
context.setDefaultTimeout(20_000)
await context.grantPermissions(['notifications'], { origin: home })
const page = await context.newPage()
page.on('pageerror', error => seen.errors.push(error.message))

await page.goto(`${home}/entrar`)
await page.getByLabel('Correo electrónico').fill(given.email)
await page.getByLabel('Contraseña', { exact: true }).fill(given.password)
await page.getByRole('button', { name: 'Entrar', exact: true }).click()
await page.locator('#contenido').waitFor()
await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
seen.scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope.replace(location.origin, ''))

// Can it be installed?
const cdp = await context.newCDPSession(page)
const manifest = await cdp.send('Page.getAppManifest')
seen.manifest = { errors: manifest.errors.length, name: JSON.parse(manifest.data).name }
seen.shortcuts = JSON.parse(manifest.data).shortcuts.map(each => each.url)
seen.installable = (await cdp.send('Page.getInstallabilityErrors')).installabilityErrors.map(each => each.errorId)

// A push reaches the worker, which shows it and says so.
await cdp.send('ServiceWorker.enable')
const registrationId = await new Promise(resolve => {
  cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const found = registrations.find(each => !each.isDeleted && each.scopeURL === `${home}/`)
    if (found) resolve(found.registrationId)
  })
  void cdp.send('ServiceWorker.disable').then(() => cdp.send('ServiceWorker.enable'))
})
const push = data => cdp.send('ServiceWorker.deliverPushMessage', { origin: home, registrationId, data })
const shown = () =>
  page.evaluate(async () => {
    const found = await (await navigator.serviceWorker.ready).getNotifications()
    return found.map(each => [each.title, each.tag, each.data.link])
  })
await page.evaluate(() => {
  window.pushed = []
  navigator.serviceWorker.addEventListener('message', event => window.pushed.push(event.data.kind))
})
const heard = count => page.waitForFunction(most => window.pushed.length >= most, count)
const notice = { kind: 'message', title: 'Mensaje nuevo', body: '…', link: '/c/cnv_1', tag: 'conversation:cnv_1' }
await push(JSON.stringify(notice))
await push(JSON.stringify(notice))
await push(JSON.stringify({ ...notice, kind: 'alert', tag: 'alert:1', link: 'https://evil.example/' }))
// A console on the screen shows an offer itself.
await push(JSON.stringify({ ...notice, kind: 'offer', tag: 'offer:1' }))
await push('no JSON at all')
await heard(4)
for (const until = Date.now() + 5_000; (await shown()).length < 2 && Date.now() < until; ) await page.waitForTimeout(50)
seen.shown = (await shown()).sort()
seen.heard = await page.evaluate(() => window.pushed)

// What this device does, on the page of whoever works here.
await page.goto(`${home}/yo`)
const card = page.getByRole('region', { name: 'Avisos en este dispositivo' })
await card.getByRole('switch').nth(1).waitFor()
seen.card = await card.getByRole('switch').count()
if (given.folder) await page.screenshot({ path: `${given.folder}/app-device.png`, fullPage: true })

// Nothing answers any more: the console says so; what guests see is not answered by the console's worker.
await page.goto(`${home}/bandeja`)
await page.locator('#contenido').waitFor()
await shut()
await page.goto(`${home}/bandeja`)
await page.getByRole('alert').getByText('Sin conexión').waitFor()
seen.offline = (await page.getByRole('alert').innerText()).includes('Las conversaciones no se guardan')
if (given.folder) await page.screenshot({ path: `${given.folder}/app-offline.png` })
seen.kept = await page.evaluate(async () => {
  const paths = []
  for (const name of await caches.keys()) {
    for (const kept of await (await caches.open(name)).keys()) paths.push(new URL(kept.url).pathname)
  }
  return [...new Set(paths.map(path => `/${path.split('/')[1]}`))].sort()
})
const guest = await context.newPage()
seen.demo = await guest
  .goto(`${home}/demo`)
  .then(() => 'answered')
  .catch(() => 'not answered')
await guest.close()
await open(port)
await page.goto(`${home}/bandeja`)
await page.locator('#contenido').waitFor()

// A newer build: nobody is made to take it, and it is there once they do.
door.other = true
await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()))
const band = page.getByRole('status').filter({ hasText: 'Hay una versión nueva' })
await band.waitFor()
await Promise.all([page.waitForEvent('load'), band.getByRole('button', { name: 'Recargar' }).click()])
await page.locator('#contenido').waitFor()
seen.updated = (await band.count()) === 0

// Taken away, nothing is left.
await page.goto(`${home}/yo`)
await page.getByRole('button', { name: /^Borrar lo guardado/ }).click()
await page.getByText('Borrado.').waitFor()
seen.left = await page.evaluate(async () => [
  (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length,
])

await context.close()
await shut()
process.stdout.write(JSON.stringify(seen))
process.exit(0)
