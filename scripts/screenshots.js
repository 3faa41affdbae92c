// Takes the pictures of the README from the running thing: Node-RED with example 01, looked at in a real browser.
// Needs what the tests need (scripts/test-setup.js); takes about three minutes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const docs = join(root, 'docs')
const red5 = join(root, 'test', 'runtimes', 'node-red-5', 'node_modules')
const node24 = join(red5, '.bin', 'node')
/** Long enough for p99 of nothing, but for every figure of the headline and a full timeline. */
const WATCH_MS = 75_000
/** Between the pictures of the filmstrip. */
const FRAME_MS = 2000

function onPath(command) {
  const found = (process.env.PATH ?? '').split(delimiter).find(folder => existsSync(join(folder, command)))
  if (found === undefined)
    throw new Error(`Expected ${command} on the PATH: scripts/test-setup.js installs it`)
  return join(found, command)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** A Node-RED with example 01 on a user directory that goes with it. */
async function startNodeRed(node, red) {
  const userDir = mkdtempSync(join(tmpdir(), 'screenshots-'))
  copyFileSync(
    join(root, 'examples', 'flows', '01 - Push and pull side by side.json'),
    join(userDir, 'flows.json')
  )
  const port = await freePort()
  const settings = join(root, 'scripts', 'settings.cjs')
  const child = spawn(node, [red, '--port', `${port}`, '--userDir', userDir, '--settings', settings], {
    stdio: 'inherit',
    env: { ...process.env, DELIVERY_USER_DIR: userDir }
  })
  const url = `http://127.0.0.1:${port}/`
  while (!(await fetch(`${url}delivery/metrics`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error('Node-RED ended before it listened')
    await setTimeout(200)
  }
  return {
    url,
    async close() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
      rmSync(userDir, { recursive: true, force: true })
    }
  }
}

async function openEditor(browser, url, { width, height }) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1.5 })
  await page.goto(url)
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' })
  await page.locator('.red-ui-palette-node[data-palette-type="delivery-metrics"]').waitFor()
  return page
}

const invoke = (page, action) => page.evaluate(name => globalThis.RED.actions.invoke(name), action)
const picture = (target, name) => target.screenshot({ path: join(docs, `${name}.png`) })

/** Flow, panel and a dialog in Node-RED 4.1, which is light. */
async function lightPictures(browser) {
  const red = await startNodeRed(process.execPath, createRequire(import.meta.url).resolve('node-red/red.js'))
  try {
    const page = await openEditor(browser, red.url, { width: 1400, height: 800 })
    await invoke(page, 'core:toggle-palette')
    await invoke(page, 'push-pull:show-panel')
    await page.waitForTimeout(WATCH_MS)
    await picture(page, 'flow')
    await page.locator('.home .toolbar button.expand').click()
    await page.waitForTimeout(1500)
    await picture(page, 'panel-light')
    await filmstrip(browser, page)
    await page.keyboard.press('Escape')
    await page.evaluate(() => {
      const { RED } = globalThis
      RED.editor.edit(RED.nodes.filterNodes({ type: 'poll-source' })[0])
    })
    const dialog = page.locator('.red-ui-tray').last()
    await dialog.locator('#node-input-url, #node-input-stream').first().waitFor({ state: 'attached' })
    await page.waitForTimeout(1500)
    await picture(dialog, 'dialog')
  } finally {
    await red.close()
  }
}

/** Four moments of the timeline below each other. */
async function filmstrip(browser, page) {
  await page.locator('.section.timeline details').evaluateAll(keys => {
    for (const key of keys) key.open = false
  })
  const frames = []
  for (let frame = 0; frame < 4; frame += 1) {
    if (frame > 0) await page.waitForTimeout(FRAME_MS)
    frames.push((await page.locator('.section.timeline').screenshot()).toString('base64'))
  }
  const strip = await browser.newPage({ viewport: { width: 1000, height: 100 } })
  await strip.setContent(
    `<body style="margin:0;background:#fff">${frames
      .map(
        frame =>
          `<img style="display:block;width:1000px;margin-bottom:6px" src="data:image/png;base64,${frame}">`
      )
      .join('')}</body>`
  )
  await strip.screenshot({ path: join(docs, 'timeline.png'), fullPage: true })
  await strip.close()
}

/** The panel in the dark theme of Node-RED 5. */
async function darkPicture(browser) {
  const node = existsSync(node24) ? node24 : process.execPath
  const red = await startNodeRed(node, join(red5, 'node-red', 'red.js'))
  try {
    const page = await openEditor(browser, red.url, { width: 1400, height: 800 })
    await page.evaluate(() => document.documentElement.classList.add('nr-theme-dark'))
    await invoke(page, 'push-pull:show-panel')
    await page.locator('.home .toolbar button.expand').click()
    await page.waitForTimeout(WATCH_MS)
    await picture(page, 'panel-dark')
  } finally {
    await red.close()
  }
}

mkdirSync(docs, { recursive: true })
const browser = await chromium.launch({
  executablePath: onPath('chromium-headless-shell'),
  args: ['--no-sandbox']
})
try {
  // `npm run screenshots -- light` takes those alone
  const [theme] = process.argv.slice(2)
  if (theme !== 'dark') await lightPictures(browser)
  if (theme !== 'light') await darkPicture(browser)
} finally {
  await browser.close()
}
