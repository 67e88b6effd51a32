// How long a throttled telephone takes to load the sign-in page and the inbox with nothing in its cache:
// `node first_load.mjs '{"chromium", "api", "email", "password", "loads", "cpu"}'`. Prints every load as JSON.

import { chromium, devices } from 'playwright-core'

const given = JSON.parse(process.argv[2])
const PHONE = devices['Moto G4']
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 }
const QUIET_MS = 2_000
const browser = await chromium.launch({
  executablePath: given.chromium,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})

function watch(wanted) {
  window.tasks = []
  new PerformanceObserver(list => {
    for (const task of list.getEntries()) window.tasks.push([task.startTime, task.startTime + task.duration])
  }).observe({ type: 'longtask', buffered: true })
  const look = () => {
    const there = document.querySelector(wanted)
    if (there?.checkVisibility() && !there.disabled) window.usable ??= performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

async function load(state, path, wanted) {
  const context = await browser.newContext({ ...PHONE, locale: 'es-AR', storageState: state })
  await context.addInitScript(watch, wanted)
  const page = await context.newPage()
  const wire = await context.newCDPSession(page)
  await wire.send('Network.enable')
  await wire.send('Network.clearBrowserCache')
  await wire.send('Network.emulateNetworkConditions', NETWORK)
  await wire.send('Emulation.setCPUThrottlingRate', { rate: given.cpu })
  const sent = { all: 0, code: 0, requests: 0 }
  const kinds = new Map()
  wire.on('Network.responseReceived', event => kinds.set(event.requestId, event.type))
  wire.on('Network.loadingFinished', event => {
    sent.all += event.encodedDataLength
    sent.requests += 1
    if (['Script', 'Stylesheet', 'Document'].includes(kinds.get(event.requestId))) sent.code += event.encodedDataLength
  })
  await page.goto(`${given.api}${path}`, { waitUntil: 'commit' })
  await page.waitForFunction(
    quiet => window.usable && performance.now() - Math.max(window.usable, ...window.tasks.map(task => task[1])) > quiet,
    QUIET_MS,
    { polling: 100, timeout: 60_000 },
  )
  const { usable, tasks, painted } = await page.evaluate(() => ({
    usable: window.usable,
    tasks: window.tasks,
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  }))
  // A task that begins after two quiet seconds does not count.
  let interactive = usable
  for (const [begin, end] of tasks) if (begin < interactive + QUIET_MS) interactive = Math.max(interactive, end)
  await context.close()
  return {
    bytes: sent.all,
    code_bytes: sent.code,
    requests: sent.requests,
    first_paint_ms: painted,
    usable_ms: usable,
    interactive_ms: interactive,
    longest_task_ms: Math.max(0, ...tasks.map(([begin, end]) => end - begin)),
  }
}

const context = await browser.newContext({ locale: 'es-AR' })
const page = await context.newPage()
await page.goto(`${given.api}/entrar`)
await page.getByLabel('Correo electrónico').fill(given.email)
await page.getByLabel('Contraseña', { exact: true }).fill(given.password)
await page.getByRole('button', { name: 'Entrar', exact: true }).click()
await page.locator('#contenido').waitFor()
const signedIn = await context.storageState()
await context.close()

const seen = { sign_in: [], inbox: [] }
for (let count = 0; count < given.loads; count += 1) {
  seen.sign_in.push(await load(undefined, '/entrar', 'input[type="password"]'))
  seen.inbox.push(await load(signedIn, '/bandeja', '#contenido a[href^="/c/"]'))
}
await browser.close()
process.stdout.write(JSON.stringify(seen))
