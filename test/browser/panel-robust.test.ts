import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import type { EventPage } from '../../lib/metrics/event-page.js'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparison, ids } from '../runtime/comparison.js'

const LANES = 100
const HOUR_MS = 3_600_000

/** A flow of the user's own that makes a hundred lanes, and a metrics node within a subflow. */
const crowd: readonly FlowNode[] = [
  { id: 'crowd', type: 'tab', label: 'Crowd' },
  {
    id: 'tick',
    type: 'inject',
    z: 'crowd',
    x: 100,
    y: 60,
    repeat: '1',
    once: true,
    props: [],
    wires: [['hundred']]
  },
  {
    id: 'hundred',
    type: 'function',
    z: 'crowd',
    x: 250,
    y: 60,
    func: `const generatedAt = Date.now() - 20
return [Array.from({ length: ${LANES} }, (_, n) => ({
  topic: 'crowd',
  delivery: { model: n % 2 ? 'pull' : 'push', source: 'lane' + n, id: String(generatedAt), generatedAt }
}))]`,
    outputs: 1,
    wires: [['measured', 'instance']]
  },
  {
    id: 'measured',
    type: 'delivery-metrics',
    z: 'crowd',
    x: 450,
    y: 60,
    warmUpSeconds: '0',
    wires: [[], []]
  },
  {
    id: 'folded',
    type: 'subflow',
    name: 'Folded',
    in: [{ x: 50, y: 50, wires: [{ id: 'within' }] }],
    out: []
  },
  {
    id: 'within',
    type: 'delivery-metrics',
    z: 'folded',
    x: 200,
    y: 50,
    name: 'inside',
    warmUpSeconds: '0',
    wires: [[], []]
  },
  { id: 'instance', type: 'subflow:folded', z: 'crowd', x: 450, y: 120, name: 'Instance' }
]

for (const runtime of runtimes)
  describe(`the panel on hard days in ${runtime.name}`, function () {
    this.timeout(90_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor
    let panel: Panel

    before('start Node-RED with a hundred lanes, and open its editor', async () => {
      red = await NodeRed.start({ runtime, flows: [...comparison(), ...crowd] })
      browser = await openBrowser()
      editor = await Editor.open(browser, red)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })

    const laneCount = () => panel.root.locator('.legend .lane').count()

    it('shows a hundred lanes, and stays within its width', async () => {
      panel = await Panel.open(editor, 'measured')
      await eventually(async () => assert.equal(await laneCount(), LANES))
      await panel.section('table')
      const wide = await panel.root.evaluate(element => element.scrollWidth - element.clientWidth)
      assert.ok(wide <= 1, `${wide} px wider than its place`)
    })

    it('shows a metrics node of a subflow, by where it stands', async () => {
      const chooser = panel.root.locator('.toolbar .chooser')
      const inside = await eventually(async () => {
        const options = await chooser.locator('option').allTextContents()
        const found = options.find(text => /inside/.test(text))
        assert.ok(found !== undefined, options.join(', '))
        return found
      })
      assert.match(inside, /Instance|Folded/)
      await chooser.selectOption({ label: inside })
      await eventually(async () => assert.equal(await laneCount(), LANES))
    })

    it('follows a server whose clock was set, there and back', async () => {
      panel = await Panel.open(editor, ids.metrics)
      const stage = panel.root.locator('.timeline .stage')
      const ahead = async () => Number(await stage.getAttribute('data-edge')) - Date.now()
      await eventually(async () => assert.ok(Math.abs(await ahead()) < 60_000))
      await panel.page.route('**/events?**', async route => {
        const answer = await route.fetch()
        const page = (await answer.json()) as EventPage
        await route.fulfill({ response: answer, json: { ...page, now: page.now + HOUR_MS } })
      })
      await eventually(async () => assert.ok((await ahead()) > HOUR_MS / 2))
      await panel.page.unrouteAll({ behavior: 'wait' })
      await eventually(async () => assert.ok(Math.abs(await ahead()) < 60_000))
    })

    it('is one of several: what one editor does not look at, another one may', async () => {
      const other = await Panel.open(await Editor.open(browser, red), ids.metrics)
      await panel.button('freeze').click()
      await other.root.locator('.legend .lane').first().waitFor()
      assert.ok((await other.requestsWithin(1500)).length >= 3)
      await other.button('reset').click()
      await other.root.locator('.question .yes').click()
      await panel.button('freeze').click()
      await eventually(async () => {
        const [here, there] = await Promise.all(
          [panel, other].map(each => each.root.locator('.toolbar .time').textContent())
        )
        assert.equal(here, there)
      })
      await other.page.close()
    })

    it('leaves no error in the console', () => {
      assert.deepEqual(editor.errors, [])
    })
  })
