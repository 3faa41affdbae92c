import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparisonFlow } from './comparison-flow.js'

for (const runtime of runtimes)
  describe(`our nodes on the canvas of ${runtime.name}`, function () {
    this.timeout(90_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor

    before('start Node-RED with one node of each type and open its editor', async () => {
      red = await NodeRed.start({ runtime, flows: comparisonFlow })
      browser = await openBrowser()
      editor = await Editor.open(browser, red)
      // only what is imported into the tab in front is given to onadd
      await editor.page.waitForFunction(`RED.workspaces.active() === 'tab'`)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })

    const press = (id: string) =>
      editor.page.locator(`#red-ui-workspace-chart [id="${id}"] .red-ui-flow-node-button-button`).click()
    const notified = (text: RegExp) =>
      editor.page.locator('.red-ui-notification', { hasText: text }).waitFor()
    /** What the node names, by id. */
    const named = (id: string) =>
      editor.evaluate<Record<string, string>>(
        `(({ broker = '', feed = '' }) => ({ broker, feed }))(RED.nodes.node('${id}'))`
      )
    const importNodes = (nodes: object[]) =>
      editor.evaluate<void>(
        `{ RED.view.importNodes(${JSON.stringify(nodes)}, { generateIds: false, addFlow: false }); undefined }`
      )
    /** Drops a node from the palette; returns its id. */
    const drop = async (type: string) => {
      const ids = () =>
        editor.evaluate<string[]>(`RED.nodes.filterNodes({ type: '${type}' }).map(({ id }) => id)`)
      const before = await ids()
      const entry = editor.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`)
      await entry.scrollIntoViewIfNeeded()
      await entry.dragTo(editor.page.locator('#red-ui-workspace-chart'), {
        targetPosition: { x: 500, y: 400 }
      })
      const made = (await ids()).find(id => !before.includes(id))
      assert.ok(made, `no ${type} was dropped`)
      return made
    }

    it('explain their ports', async () => {
      const labels = await editor.evaluate<Record<string, unknown[]>>(`{
        const all = {}
        RED.nodes.eachNode(node => {
          const { inputLabels, outputLabels } = node._def
          const inputs = Array.from({ length: node.inputs || 0 }, (_, k) => inputLabels && inputLabels.call(node, k))
          const outputs = Array.from({ length: node.outputs || 0 }, (_, k) => outputLabels && outputLabels.call(node, k))
          all[node.type] = [...inputs, ...outputs]
        })
        all
      }`)
      assert.deepEqual(
        Object.entries(labels).map(([type, { length }]) => [type, length]),
        [
          ['delivery-workload', 2],
          ['delivery-origin', 2],
          ['push-source', 2],
          ['poll-source', 3],
          ['delivery-metrics', 3]
        ]
      )
      for (const [type, all] of Object.entries(labels))
        for (const label of all) assert.match(String(label), /^[a-z][^.]{6,}$/, `${type}: ${label}`)
    })

    it('a dropped node takes the only server that there is', async () => {
      assert.deepEqual(await named(await drop('delivery-origin')), { broker: 'broker', feed: 'feed' })
      assert.deepEqual(await named(await drop('push-source')), { broker: 'broker', feed: '' })
      const poll = await drop('poll-source')
      assert.deepEqual(await named(poll), { broker: '', feed: 'feed' })
      const users = await editor.evaluate<string[]>(`RED.nodes.node('feed').users.map(({ id }) => id)`)
      assert.ok(users.includes(poll))
    })

    it('an imported node takes it too, unless it is configured already', async () => {
      const at = { z: 'tab', x: 500, y: 100, wires: [[]] }
      await importNodes([
        { id: 'fresh', type: 'delivery-origin', broker: '', feed: '', stream: 'a', ...at },
        { id: 'pull-only', type: 'delivery-origin', broker: '', feed: 'feed', stream: 'b', ...at },
        { id: 'by-url', type: 'poll-source', target: 'url', url: 'http://a.example', feed: '', ...at }
      ])
      assert.deepEqual(await named('fresh'), { broker: 'broker', feed: 'feed' })
      assert.deepEqual(await named('pull-only'), { broker: '', feed: 'feed' })
      assert.deepEqual(await named('by-url'), { broker: '', feed: '' })
      assert.equal(await editor.evaluate(`RED.nodes.node('fresh').valid`), true)
      await editor.page.keyboard.press('Escape')
    })

    it('a dropped node does not choose between two servers', async () => {
      await importNodes([{ id: 'second', type: 'push-broker', name: 'Another one' }])
      assert.deepEqual(await named(await drop('push-source')), { broker: '', feed: '' })
    })

    it('the button of a workload stops it, and starts it again', async () => {
      const running = async () =>
        ((await red.get('/delivery/workload/workload')) as { running: boolean }).running
      await eventually(async () => assert.equal(await running(), true))
      await press('workload')
      await notified(/Workload stopped/)
      assert.equal(await running(), false)
      await eventually(async () =>
        assert.equal(await editor.evaluate(`RED.nodes.node('workload').status.fill`), 'grey')
      )
      await press('workload')
      await notified(/Workload started/)
      assert.equal(await running(), true)
    })

    it('the button of a poll-source polls now', async () => {
      const asked = editor.page.waitForResponse(response => response.url().endsWith('/delivery/poll/poll'))
      await press('poll')
      assert.deepEqual(await (await asked).json(), { poll: true })
      await notified(/Asked for updates/)
    })

    it('the button of a metrics node opens "Push vs pull", and so does the link in its dialog', async () => {
      const panel = editor.page.locator('.home .panel')
      const hide = () => editor.evaluate<void>(`{ RED.sidebar.show('info'); undefined }`)
      await press('metrics')
      await panel.waitFor()
      await hide()
      const dialog = await editor.edit('metrics')
      await dialog.getByRole('button', { name: 'Show push vs pull' }).click()
      await panel.waitFor()
      await editor.cancel()
    })

    it('a button says what went wrong', async () => {
      await editor.page.route('**/delivery/poll/poll', route => route.fulfill({ status: 403, body: '' }))
      await press('poll')
      await notified(/permission delivery\.write/)
      await editor.page.unroute('**/delivery/poll/poll')
    })

    it('throw nothing in the page', () => {
      assert.deepEqual(editor.errors, [])
    })
  })
