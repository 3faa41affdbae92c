import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Route } from 'playwright-core'
import type { Report } from '../../lib/metrics/report.js'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { projectRoot, runtimes } from '../helpers/runtimes.js'
import { noTotals, pollSettings } from '../lib/metrics/simulation.js'
import { pull, workbench } from '../lib/metrics/workbench.js'
import { indirect } from './indirect-flow.js'

const example = JSON.parse(
  readFileSync(join(projectRoot, 'examples', 'flows', '01 - Push and pull side by side.json'), 'utf8')
) as FlowNode[]
const idOf = (type: string): string => example.find(node => node.type === type)?.id ?? ''
const HOSTILE = '<img src=x onerror=alert(1)>'

/** 40 updates, each pushed in 1 ms, every fifth polled after 91 ms: as in the tests of the headline. */
function measured() {
  const bench = workbench({ id: idOf('delivery-metrics'), name: 'push against pull' })
  for (let sequence = 1; sequence <= 40; sequence += 1) {
    const at = sequence * 100 + (sequence % 2) * 20
    const update = bench.generate(sequence, at)
    bench.deliver(update, at + 1, { source: idOf('push-source'), sourceName: HOSTILE })
    if (sequence % 5 !== 0) continue
    const poll = { source: idOf('poll-source'), sourceName: 'polled' }
    bench.deliver(update, at + 91, { ...pull, ...poll })
    bench.exchange(
      at + 91,
      {
        ...noTotals,
        requests: sequence / 4,
        empty: sequence / 20,
        updates: sequence / 5,
        bytesReceived: 660
      },
      { ...poll, settings: pollSettings(500, 'latest') }
    )
  }
  return bench.metrics
}

/** Answers as an admin endpoint would, from the same code. */
function answer(route: Route, metrics: ReturnType<typeof measured>, report: Report): Promise<void> {
  const { pathname } = new URL(route.request().url())
  if (pathname.endsWith('/delivery/metrics'))
    return route.fulfill({ json: [{ id: report.id, name: report.name, path: '' }] })
  if (pathname.endsWith('/events')) return route.fulfill({ json: metrics.eventsAfter(0) })
  if (pathname.endsWith('/decisions')) return route.fulfill({ json: metrics.decisions() })
  if (pathname.endsWith('/curves')) return route.fulfill({ json: metrics.curves() })
  return route.fulfill({ json: report })
}

for (const runtime of runtimes)
  describe(`the words of the panel in ${runtime.name}`, function () {
    this.timeout(60_000)
    let red: NodeRed
    let browser: Browser
    let editor: Editor
    let panel: Panel

    const told = async (selector: string): Promise<string> =>
      ((await panel.root.locator(selector).textContent()) ?? '')
        .replace(/[\u2068\u2069]/g, '')
        .replaceAll('\u00a0', ' ')
    const row = (key: string) => panel.root.locator(`.section.table tr[data-figure="${key}"]`)
    const cells = async (key: string): Promise<string[]> =>
      (await row(key).locator('td').allTextContents()).map(text => text.replaceAll('\u00a0', ' '))
    const unwire = (id: string, port: number): Promise<void> =>
      editor.evaluate(
        `RED.nodes.filterLinks({ source: { id: '${id}' }, sourcePort: ${port} }).forEach(link => RED.nodes.removeLink(link))`
      )
    async function known(metrics: ReturnType<typeof measured>, report: Report): Promise<void> {
      await editor.page.unroute('**/delivery/metrics**')
      await editor.page.route('**/delivery/metrics**', route => answer(route, metrics, report))
    }

    before('start Node-RED without flows and open its editor', async () => {
      red = await NodeRed.start({ runtime, flows: [] })
      browser = await openBrowser()
      editor = await Editor.open(browser, red, { height: 1400 })
      panel = await Panel.open(editor)
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })

    it('offer to insert a comparison where there is none, and say what to do with it', async () => {
      await editor.evaluate('RED.workspaces.add(undefined, true)')
      await panel.root.locator('button.insert').click()
      await panel.root.locator('.message', { hasText: 'Click in the workspace' }).waitFor()
      await editor.page.mouse.move(500, 400)
      await editor.page.mouse.move(520, 420)
      await editor.page.mouse.click(520, 420)
      await panel.root.locator('.message', { hasText: 'Press Deploy.' }).waitFor()
      await editor.evaluate('RED.history.pop()')
      await panel.root.locator('.message', { hasText: 'Nothing is measured yet.' }).waitFor()
    })

    it('begin with a button that imports the first example, and then say to press Deploy', async () => {
      await panel.root.locator('button.import').click()
      await panel.root.locator('.message', { hasText: 'is ready to measure. Press Deploy.' }).waitFor()
      const tab = example.find(({ type }) => type === 'tab')?.id
      assert.equal(await editor.evaluate('RED.workspaces.active()'), tab)
      assert.match(await told('.message'), /“push against pull”/)
      await editor.deploy()
      await eventually(async () => assert.match(await told('.headline'), /^(“pushed”|Push|Polling) /))
      assert.equal(await panel.root.locator('.hints').isVisible(), false)
    })

    it('compare push with pull in conclusive figures, and tell the rest as progress', async () => {
      const metrics = measured()
      await known(metrics, metrics.report())
      await eventually(async () =>
        assert.equal(
          await told('.headline'),
          'Push is 290 ms sooner. Polling asked 10 times for 8 updates; 2 polls came back empty; 32 updates were never seen.'
        )
      )
      assert.equal(await told('.progress'), 'p99 after 368 updates, 40 so far')
      await eventually(async () => assert.equal(await told('.spoken'), await told('.headline')))
    })

    it('stand in the table with the best marked, and lanes are sorted by the figure that is clicked', async () => {
      await panel.section('table')
      assert.deepEqual(await cells('latencyMs.mean'), ['✓ 1 ms', '291 ms'])
      assert.deepEqual(await cells('updates.superseded'), ['✓ 0', '32'])
      assert.deepEqual(await cells('exchanges.emptyShare'), ['–', '20%'])
      assert.match(
        (await row('latencyMs.p99').locator('td').first().getAttribute('title')) ?? '',
        /p99 after 368/
      )
      assert.match(
        (await row('exchanges.emptyShare').locator('td').first().getAttribute('title')) ?? '',
        /Wire the second output of the source into this node\.$/
      )
      const head = row('exchanges.requests').locator('th')
      const click = () => head.locator('button').click()
      const sort = () => head.getAttribute('aria-sort')
      assert.deepEqual([await cells('exchanges.requests'), await sort()], [['–', '10'], null])
      await click()
      assert.deepEqual([await cells('exchanges.requests'), await sort()], [['10', '–'], 'ascending'])
      assert.deepEqual(await cells('latencyMs.mean'), ['291 ms', '✓ 1 ms'])
      assert.equal(await head.locator('button').evaluate(button => button.matches(':focus')), true)
      await click()
      assert.equal(await sort(), 'descending')
      await click()
      assert.deepEqual([await cells('latencyMs.mean'), await sort()], [['✓ 1 ms', '291 ms'], null])
    })

    it('show the server and the connections only when asked for more', async () => {
      const open = row('connections.open')
      const more = panel.root.locator('.section.table .more')
      assert.equal(await open.isVisible(), false)
      await more.click()
      assert.equal(await open.isVisible(), true)
      await more.click()
      assert.equal(await open.isVisible(), false)
    })

    it('are copied as CSV with raw numbers, also where the browser has no clipboard for plain HTTP', async () => {
      await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      const copied = async (): Promise<string> => {
        await editor.evaluate(`navigator.clipboard.writeText('nothing')`)
        await panel.root.locator('.section.table .copy').click()
        await panel.root.locator('.said', { hasText: 'Copied.' }).waitFor()
        return editor.evaluate('clipboardOfTest.readText()')
      }
      await editor.evaluate('window.clipboardOfTest = navigator.clipboard')
      const csv = await copied()
      const lines = csv.split('\r\n')
      assert.equal(lines[0], `Figure,${HOSTILE},polled`)
      assert.equal(lines[1], '"Latency, mean (ms)",1,291')
      assert.ok(lines.includes('Empty polls (0–1),,0.2'))
      await editor.evaluate(`{
        const write = clipboardOfTest.writeText.bind(clipboardOfTest)
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: text =>
          text === 'nothing' ? write(text) : Promise.reject(new TypeError('no clipboard')) } })
      }`)
      assert.equal(await copied(), csv)
    })

    it('name the wires that would tell more, and show their nodes', async () => {
      await editor.evaluate(`RED.nodes.node('${idOf('poll-source')}').name = '${HOSTILE}'`)
      await unwire(idOf('delivery-origin'), 0)
      await unwire(idOf('poll-source'), 1)
      const hints = panel.root.locator('.hints')
      await hints.locator('summary', { hasText: '2 more wires would tell more' }).click()
      assert.match(await told('.wire.origin'), /^Wire “to both servers” into “push against pull”:/)
      assert.ok((await told('.wire.second')).includes(`“${HOSTILE}”`))
      const tab = await editor.evaluate<string>(`RED.workspaces.active()`)
      await editor.evaluate('RED.workspaces.add(undefined, true)')
      assert.notEqual(await editor.evaluate(`RED.workspaces.active()`), tab)
      await panel.root.locator('.wire.origin').click()
      assert.equal(await editor.evaluate(`RED.workspaces.active()`), tab)
    })

    it('follow wires through subflows, link nodes and junctions', async () => {
      const metrics = measured()
      await editor.evaluate(`RED.view.importNodes(${JSON.stringify(indirect)}, { touchImport: true })`)
      await known(metrics, { ...metrics.report(), id: 'indirect0000meter' })
      await panel.root.locator('.hints summary', { hasText: 'One more wire would tell more' }).waitFor()
      assert.equal(
        await told('.wire'),
        'Wire the second output of “inside” into “meter”: then errors and empty polls count as they happen.'
      )
      await editor.evaluate(`{
        const [from, to] = ['indirect0000inst', 'indirect0000meter'].map(id => RED.nodes.node(id))
        RED.nodes.addLink({ source: from, sourcePort: 1, target: to })
      }`)
      await panel.root.locator('.hints').waitFor({ state: 'hidden' })
    })

    it('name the wires without which nothing is measured', async () => {
      const bench = workbench({ id: idOf('delivery-metrics'), name: 'push against pull' })
      await known(bench.metrics, bench.metrics.report())
      for (const id of [idOf('push-source'), idOf('poll-source')])
        for (const port of [0, 1]) await unwire(id, port)
      await panel.root.locator('.message', { hasText: 'no lane is wired into it' }).waitFor()
      const wires = panel.root.locator('.guide .wire')
      await eventually(async () => assert.equal(await wires.count(), 3))
      assert.match((await wires.first().textContent()) ?? '', /^Wire the first output of/)
    })

    it('offer to begin anew where lanes do not compare', async () => {
      const metrics = measured()
      const report = metrics.report()
      const unequal = {
        code: 'UNEQUAL',
        params: {},
        message: 'It began late.',
        spoils: ['latencyMs'],
        remedy: 'Reset.'
      } as const
      const [first, ...others] = report.lanes
      assert.ok(first)
      await known(metrics, { ...report, lanes: [{ ...first, flags: [unequal] }, ...others] })
      const posted = editor.page.waitForRequest(request => request.method() === 'POST')
      await panel.root.locator('button.reset:not(.toolbar button)').click()
      assert.match((await posted).url(), new RegExp(`delivery/metrics/${report.id}/reset$`))
      assert.equal(
        await told('.headline'),
        `“${HOSTILE}” does not compare: It began late. Polling asked 10 times for 8 updates; 2 polls came back empty; 32 updates were never seen.`
      )
    })

    it('are text and nothing else, without an error, in 180 px as well', async () => {
      assert.equal(await panel.root.locator('img').count(), 0)
      await editor.evaluate(`document.querySelector('.push-vs-pull').style.width = '180px'`)
      await eventually(async () => {
        const { scroll, client } = await panel.root.evaluate(root => ({
          scroll: root.scrollWidth,
          client: root.clientWidth
        }))
        assert.ok(client > 0 && client <= 180)
        assert.equal(scroll, client)
      })
      assert.deepEqual(editor.errors, [])
    })
  })
