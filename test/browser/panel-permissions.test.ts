import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { Editor, openBrowser } from '../helpers/browser.js'
import { NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { comparison, ids } from '../runtime/comparison.js'

const ADMIN = '/red/admin/'
/** What the editor itself asks for. */
const editing = ['flows', 'nodes', 'settings', 'plugins', 'library', 'status', 'context', 'projects'].map(
  what => `${what}.read`
)
const users = {
  writer: { password: 'w', permissions: [...editing, 'flows.write', 'delivery.read', 'delivery.write'] },
  reader: { password: 'r', permissions: [...editing, 'delivery.read'] },
  stranger: { password: 's', permissions: editing }
}

describe('the panel of an editor with users, below a path of its own', function () {
  this.timeout(120_000)
  let red: NodeRed
  let browser: Browser

  before('start Node-RED with adminAuth and httpAdminRoot', async () => {
    red = await NodeRed.start({ flows: comparison(), users, settings: { httpAdminRoot: ADMIN } })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await red?.close()
  })

  const openAs = async (name: keyof typeof users): Promise<Panel> => {
    const editor = await Editor.open(browser, red, {
      adminRoot: ADMIN,
      user: { name, password: users[name].password }
    })
    return Panel.open(editor, ids.metrics)
  }

  it('shows everything to one who may read, and offers what one may write', async () => {
    const panel = await openAs('writer')
    await panel.root.locator('.legend .lane').first().waitFor()
    await panel.button('workloads').waitFor()
    assert.equal(await panel.button('reset').isEnabled(), true)
    await panel.page.close()
  })

  it('offers a reader nothing that the server would refuse', async () => {
    const panel = await openAs('reader')
    await panel.root.locator('.legend .lane').first().waitFor()
    assert.equal(await panel.button('reset').isEnabled(), false)
    assert.equal(await panel.button('workloads').isEnabled(), false)
    await panel.page.close()
  })

  it('tells that the server refused what was asked', async () => {
    const panel = await openAs('writer')
    await panel.page.route('**/delivery/metrics/*/reset', route => route.fulfill({ status: 403, body: '' }))
    await panel.page.route('**/delivery/workload/*', route =>
      route.request().method() === 'POST' ? route.fulfill({ status: 403, body: '' }) : route.continue()
    )
    await panel.root.locator('.legend .lane').first().waitFor()
    const told = panel.root.locator('.trouble', { hasText: 'did not do it' })
    await panel.button('workloads').click()
    await told.waitFor()
    await told.waitFor({ state: 'hidden' })
    await panel.button('reset').click()
    await panel.root.locator('.question .yes').click()
    await told.waitFor()
    await panel.page.close()
  })

  it('tells one who may not read which permission is missing', async () => {
    const panel = await openAs('stranger')
    await panel.root.getByText('delivery.read').waitFor()
    assert.equal(await panel.root.locator('.legend .lane:visible').count(), 0)
    await panel.page.close()
  })
})
