import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { Report } from '../../lib/metrics/report.js'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { projectRoot, runtimes } from '../helpers/runtimes.js'

const example = JSON.parse(
  readFileSync(join(projectRoot, 'examples', 'flows', '01 - Push and pull side by side.json'), 'utf8')
) as FlowNode[]
const metrics = example.find(({ type }) => type === 'delivery-metrics')?.id ?? ''

for (const runtime of runtimes)
  describe(`the panel in ${runtime.name}`, function () {
    this.timeout(60_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor
    let panel: Panel

    before('start Node-RED with example 01 and open its editor', async () => {
      red = await NodeRed.start({ runtime, flows: example })
      browser = await openBrowser()
      editor = await Editor.open(browser, red)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })

    it('costs the editor nothing until somebody looks at it', async () => {
      const loaded = await editor.evaluate<string[]>(
        `performance.getEntriesByType('resource').map(({ name }) => name)`
      )
      assert.deepEqual(
        loaded.filter(name => name.includes('panel.js') || name.includes('/delivery/metrics')),
        []
      )
    })

    it('is found in the View menu and by its action, with both lanes', async () => {
      assert.equal(
        await editor.page.locator('#menu-item-view-menu-push-vs-pull').first().textContent(),
        'Push vs pull'
      )
      panel = await Panel.open(editor)
      for (const name of ['pushed', 'polled every 2 s'])
        await panel.root.locator('.legend .lane', { hasText: name }).waitFor()
    })

    it('goes to the whole window, and back by Escape', async () => {
      await panel.button('expand').click()
      const { width } = (await panel.root.boundingBox()) ?? { width: 0 }
      assert.equal(width, editor.page.viewportSize()?.width)
      await editor.page.keyboard.press('Escape')
      await eventually(async () => {
        const box = await panel.root.boundingBox()
        assert.ok(box !== null && box.width < width / 2)
      })
      await panel.button('expand').click()
      await editor.page
        .locator('body')
        .evaluate(() => (document.activeElement as { blur?(): void })?.blur?.())
      await editor.page.keyboard.press('Escape')
      await eventually(async () => assert.ok(((await panel.root.boundingBox())?.width ?? 0) < width / 2))
    })

    it('asks nothing while frozen, and nothing while hidden', async () => {
      assert.ok((await panel.requestsWithin(1500)).length >= 3)
      await panel.button('freeze').click()
      await panel.requestsWithin(300)
      const still = (await panel.requestsWithin(1500)).filter(url => !url.includes('/workload/'))
      assert.deepEqual(still, [])
      await panel.button('freeze').click()
      await panel.leave()
      await panel.requestsWithin(300)
      assert.deepEqual(await panel.requestsWithin(2500), [])
      await Panel.open(editor)
    })

    it('is opened by the link in the first comment of an example', async () => {
      await panel.leave()
      const comment = example.find(({ name }) => String(name).startsWith('START HERE'))?.id
      await editor.evaluate(`RED.view.select({ nodes: [RED.nodes.node('${comment}')] })`)
      await editor.evaluate(`RED.sidebar.show('help'); RED.sidebar.show('info')`)
      await editor.page.locator('a[href$="#push-vs-pull"]:visible').first().click()
      await panel.root.waitFor()
    })

    it('stops and starts the workload that feeds it', async () => {
      const running = async () => (await red.get<{ running: boolean }>(workloadPath)).running
      const workloadPath = `/delivery/workload/${example.find(({ type }) => type === 'delivery-workload')?.id}`
      const workloads = panel.button('workloads')
      await eventually(async () => assert.equal(await workloads.textContent(), 'Stop'))
      await workloads.click()
      await eventually(async () => assert.equal(await running(), false))
      await eventually(async () => assert.equal(await workloads.textContent(), 'Start'))
      await workloads.click()
      await eventually(async () => assert.equal(await running(), true))
    })

    it('resets the figures, asked once', async () => {
      const { startedAt } = await red.report<Report>(metrics)
      await panel.button('reset').click()
      await panel.root.locator('.question .no').click()
      assert.equal((await red.report<Report>(metrics)).startedAt, startedAt)
      await panel.button('reset').click()
      await panel.root.locator('.question .yes').click()
      await eventually(async () => assert.ok((await red.report<Report>(metrics)).startedAt > startedAt))
    })

    it('hides a lane in every picture', async () => {
      const lane = panel.root.locator('.legend .lane', { hasText: 'pushed' })
      await lane.click()
      await eventually(async () => assert.equal(await lane.getAttribute('aria-pressed'), 'false'))
      await lane.click()
      await eventually(async () => assert.equal(await lane.getAttribute('aria-pressed'), 'true'))
    })

    it('inserts a comparison that needs nothing but Deploy, and shows it', async () => {
      await editor.evaluate(`RED.workspaces.add(undefined, true)`)
      await editor.evaluate(`RED.actions.invoke('push-pull:insert-comparison')`)
      await editor.page.mouse.move(500, 400)
      await editor.page.mouse.move(520, 420)
      await editor.page.mouse.click(520, 420)
      const added = await eventually(async () => {
        const ids = await editor.evaluate<string[]>(
          `RED.nodes.filterNodes({ type: 'delivery-metrics' }).map(({ id }) => id)`
        )
        assert.equal(ids.length, 2)
        return ids.find(id => id !== metrics) ?? ''
      })
      const invalid = await editor.evaluate(
        `RED.nodes.filterNodes({}).filter(({ valid }) => !valid).map(({ type, validationErrors }) => [type, validationErrors])`
      )
      assert.deepEqual(invalid, [])
      await editor.deploy()
      await editor.evaluate(`RED.actions.invoke('push-pull:show-panel', '${added}')`)
      await eventually(async () => {
        const { lanes } = await red.report<Report>(added)
        assert.deepEqual(
          lanes.map(({ model, updates }) => [model, updates.delivered + updates.catchUp > 0]).sort(),
          [
            ['pull', true],
            ['push', true]
          ]
        )
      })
      assert.equal(await panel.root.locator('.toolbar .chooser').inputValue(), added)
    })

    it('goes on when Node-RED takes the metrics node away, and brings it back', async () => {
      await editor.evaluate(`RED.actions.invoke('push-pull:show-panel', '${metrics}')`)
      await panel.root.locator('.legend .lane', { hasText: 'pushed' }).waitFor()
      await red.deploy([])
      await panel.root.locator('.legend').waitFor({ state: 'hidden' })
      await red.deploy(example)
      await panel.root.locator('.legend .lane', { hasText: 'pushed' }).waitFor()
    })

    it('leaves no error in the console', () => {
      assert.deepEqual(editor.errors, [])
    })
  })
