import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Browser } from 'playwright-core'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { packageName, tarball } from '../helpers/packed.js'
import { Panel } from '../helpers/panel.js'
import { runtimes } from '../helpers/runtimes.js'

for (const runtime of runtimes)
  describe(`an open editor of ${runtime.name} while our package comes and goes`, function () {
    this.timeout(120_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor

    before('start without our package', async () => {
      red = await NodeRed.start({
        runtime,
        bare: true,
        flows: [],
        env: { npm_config_prefer_offline: 'true' }
      })
      browser = await openBrowser()
      editor = await Editor.open(browser, red)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })

    it('shows nodes, panel and examples without a reload', async () => {
      const file = await tarball()
      const form = new FormData()
      form.append('tarball', new Blob([readFileSync(file)]), basename(file))
      const uploaded = await red.request('/nodes', { method: 'POST', body: form })
      assert.equal(uploaded.status, 200, await uploaded.clone().text())
      await editor.page.locator('.red-ui-palette-node[data-palette-type="delivery-metrics"]').waitFor()
      const entry = editor.page.locator('#menu-item-view-menu-push-vs-pull').first()
      await entry.waitFor({ state: 'attached' })
      assert.equal(await entry.textContent(), 'Push vs pull')
      const panel = await Panel.open(editor)
      await editor.importExample('01 - Push and pull side by side')
      await editor.deploy()
      await panel.root.locator('.legend .lane', { hasText: 'pushed' }).waitFor()
      await panel.root.getByText('Freeze').waitFor()
    })

    it('opens its dialogs whole, every text there', async () => {
      const dialog = await editor.edit(
        await editor.evaluate<string>(`RED.nodes.filterNodes({ type: 'poll-source' })[0].id`)
      )
      assert.match(
        (await dialog.locator('[data-hint="schedule"]').textContent()) ?? '',
        /^Polls every 2\ss: expect/
      )
      assert.equal(await dialog.locator('.delivery-fold-summary').first().textContent(), 'nothing changed')
      await dialog.getByRole('button', { name: 'Try it' }).waitFor()
      await editor.cancel()
    })

    it('takes the panel away with the package', async () => {
      await red.deploy([])
      const removed = await red.request(`/nodes/${packageName}`, { method: 'DELETE' })
      assert.equal(removed.status, 204, await removed.text())
      await eventually(async () =>
        assert.equal(await editor.page.locator('#menu-item-view-menu-push-vs-pull').count(), 0)
      )
      await editor.page.locator('.home .panel').waitFor({ state: 'detached' })
      await editor.page
        .locator('.red-ui-palette-node[data-palette-type="delivery-metrics"]')
        .waitFor({ state: 'detached' })
      assert.deepEqual(editor.errors, [])
    })
  })
