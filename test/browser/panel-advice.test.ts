import assert from 'node:assert/strict'
import type { Browser, Locator } from 'playwright-core'
import { Histogram } from '../../lib/stats/histogram.js'
import { type DecisionFacts, type DecisionSettings, decide } from '../../lib/theory/decision.js'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { seededRandom } from '../helpers/random.js'
import { runtimes } from '../helpers/runtimes.js'
import { measured } from './measured.js'

const GAPS = 100_000
const SETTINGS: DecisionSettings = {
  target: { ms: 1000, share: 0.95 },
  clients: 1,
  maxRequestsPerSecond: null,
  maxBytesPerDay: null
}

/** Updates at random, every 20 s on average, pushed in 2 ms. */
function facts(): DecisionFacts {
  const [gaps, pushed] = [new Histogram(), new Histogram()]
  const random = seededRandom(7)
  for (let count = 0; count < GAPS; count += 1) gaps.record(-20_000 * Math.log(1 - random()))
  for (let count = 0; count < 1000; count += 1) pushed.record(2)
  return {
    stream: 'updates',
    speed: 1,
    gaps: gaps.toJSON(),
    wayBackMs: 10,
    push: { latencyMs: pushed.toJSON(), bytesPerUpdate: 310, cpuMicrosPerUpdate: 50 },
    poll: { bytesUpdated: 660, bytesEmpty: 240, cpuMicrosPerRequest: 100 },
    spoiledBy: []
  }
}

for (const runtime of runtimes)
  describe(`the advice in the panel in ${runtime.name}`, function () {
    this.timeout(120_000)
    const metrics = measured()
    const known = facts()
    let red: NodeRed
    let browser: Browser
    let editor: Editor
    let panel: Panel
    let advice: Locator
    let asked = 0

    const plain = (text: string | null): string => (text ?? '').replaceAll('\u00a0', ' ')
    const verdict = async () => plain(await advice.locator('.verdict').textContent())
    const knob = (name: string) => advice.locator(`.knob[data-knob=${name}]`)
    const type = async (name: string, value: string): Promise<void> => {
      await knob(name).locator('.typed').fill(value)
      await knob(name).locator('.typed').press('Enter')
    }
    const node = (property: string) => editor.evaluate<unknown>(`RED.nodes.node('m').${property}`)

    before('open the panel on known figures', async () => {
      red = await NodeRed.start({
        runtime,
        flows: [
          { id: 'tab', type: 'tab', label: 'tab' },
          {
            id: 'm',
            type: 'delivery-metrics',
            z: 'tab',
            x: 200,
            y: 100,
            name: 'm',
            targetMs: '1000',
            maxRequestsPerSecond: '',
            wires: [[], []]
          }
        ]
      })
      browser = await openBrowser()
      editor = await Editor.open(browser, red)
      await editor.page.route('**/delivery/metrics**', route => {
        const { pathname, searchParams } = new URL(route.request().url())
        const tail = pathname.replace(/^.*\/delivery\/metrics/, '')
        const answers: Readonly<Record<string, () => unknown>> = {
          '': () => [{ id: 'm', name: 'm', path: '' }],
          '/m': () => metrics.report(),
          '/m/curves': () => metrics.curves(),
          '/m/events': () => metrics.eventsAfter(Number(searchParams.get('after'))),
          '/m/decisions': () => {
            asked += 1
            return { now: metrics.report().now, settings: SETTINGS, streams: [known] }
          }
        }
        return route.fulfill({ json: answers[tail]?.() ?? null })
      })
      panel = await Panel.open(editor)
      await panel.root.locator('.legend .lane').first().waitFor()
    })
    after(async () => {
      await browser?.close()
      await red?.close()
    })

    it('is not asked for before somebody looks at it', async () => {
      assert.equal(asked, 0)
      advice = await panel.section('advice')
      await advice.locator('.verdict').waitFor()
      await eventually(async () => assert.ok(asked > 0))
    })

    it('says what theory decides, why, and what would change it', async () => {
      const decided = decide(known, SETTINGS)
      assert.equal(decided.verdict, 'push')
      assert.equal(await verdict(), 'Push.')
      assert.equal(await advice.locator('.reasons li').count(), 3)
      assert.match(plain(await advice.locator('.reasons').textContent()), /Push takes 1\.3\d MB a day/)
      const turned = plain(await advice.locator('.changes').textContent())
      const longer = decided.wouldChange.find(({ code }) => code === 'TARGET_LONGER')
      assert.ok(longer !== undefined && turned.includes('With a target of'), turned)
    })

    it('decides anew with what is typed, and with a budget', async () => {
      await type('targetMs', '2 h')
      await eventually(async () => assert.match(await verdict(), /^Poll every 2\.11 h\.$/))
      await knob('maxRequestsPerSecond').locator('.off input').uncheck()
      await type('maxRequestsPerSecond', '0.00001')
      await eventually(async () => assert.equal(await verdict(), 'Push.'))
      assert.match(
        plain(await advice.locator('.reasons').textContent()),
        /the budgets allow one every 1\.16 d/
      )
      await type('targetMs', 'soon')
      assert.equal(await knob('targetMs').locator('.typed').getAttribute('aria-invalid'), 'true')
      await knob('plannedClients').locator('.typed').focus()
      assert.equal(plain(await knob('targetMs').locator('.typed').inputValue()), '2 h')
    })

    it('is turned by keys, a step at a time', async () => {
      const range = knob('plannedClients').locator('input[type=range]')
      await range.press('ArrowRight')
      assert.equal(await range.getAttribute('aria-valuetext'), '2')
      await range.press('ArrowLeft')
      assert.equal(await range.getAttribute('aria-valuetext'), '1')
      await range.press('End')
      assert.equal(await range.getAttribute('aria-valuetext'), '1,000,000')
      await range.press('Home')
    })

    it('saves the settings only when told so, as an edit that undo takes back', async () => {
      assert.equal(await node('targetMs'), '1000')
      await advice.locator('button.save').click()
      assert.deepEqual(
        [await node('targetMs'), await node('maxRequestsPerSecond'), await node('plannedClients')],
        ['7200000', '0.00001', '1']
      )
      assert.equal(await node('changed'), true)
      assert.equal(await editor.evaluate('RED.nodes.dirty()'), true)
      assert.match(plain(await advice.locator('.knobs .said').textContent()), /press Deploy/)
      await editor.evaluate('RED.history.pop()')
      assert.deepEqual([await node('targetMs'), await node('maxRequestsPerSecond')], ['1000', ''])
      assert.equal(await editor.evaluate('RED.nodes.dirty()'), false)
      await advice.locator('button.back').click()
      await eventually(async () => assert.equal(await verdict(), 'Push.'))
      assert.equal(plain(await knob('targetMs').locator('.typed').inputValue()), '1 s')
      assert.equal(await advice.locator('button.save').isDisabled(), true)
    })

    it(`redraws at once with ${GAPS} recorded gaps`, async () => {
      await advice.locator('.frontier .chart').scrollIntoViewIfNeeded()
      await advice.locator('.frontier canvas').waitFor()
      const took = (await knob('targetMs')
        .locator('input[type=range]')
        .evaluate(async (input: unknown) => {
          const range = input as { value: string; dispatchEvent(event: object): void }
          const page = globalThis as unknown as { Event: new (name: string) => object }
          const times: number[] = []
          for (let place = 60; place < 180; place += 3) {
            const begun = performance.now()
            range.value = String(place)
            range.dispatchEvent(new page.Event('input'))
            await Promise.resolve()
            times.push(performance.now() - begun)
          }
          return times.sort((one, other) => one - other)
        })) as number[]
      const median = took[took.length >> 1] ?? Number.NaN
      console.log(`      a slider redraws in ${median.toFixed(1)} ms, at most ${took.at(-1)?.toFixed(1)} ms`)
      // the machine may have other work: a quarter of them tells what a redraw takes
      assert.ok((took[took.length >> 2] ?? Number.NaN) < 50, `${took}`)
      await advice.locator('button.back').click()
    })

    it('names the interval and its figures where the reader points in the picture', async () => {
      const cursor = advice.locator('.frontier .cursor')
      const row = async () => plain(await advice.locator('.readout li').first().textContent())
      await eventually(async () => assert.match(await row(), /if polling: every 1\.04 s.*in time 95%/))
      await cursor.focus()
      await cursor.press('End')
      const [, near = ''] = /polling every (\d+) ms/.exec(await row()) ?? []
      await cursor.press('PageDown')
      const [, far = ''] = /polling every (\d+) ms/.exec(await row()) ?? []
      assert.ok(Number(far) > Number(near), `${near}, then ${far}`)
      assert.match((await cursor.getAttribute('aria-valuetext')) ?? '', /polling every/)
      await cursor.evaluate(element => (element as unknown as { blur(): void }).blur())
      await advice.locator('button.bytes').click()
      await eventually(async () => assert.match(await row(), /a day [\d.]+ MB/))
      await advice.locator('button.age').click()
      await eventually(async () => assert.match(await row(), /age 20\.\d s/))
      await editor.picture(`advice-${runtime.name}`)
    })

    it('tests what people say of push and pull, and imports the example that would', async () => {
      const claims = await panel.section('claims')
      await eventually(async () => assert.equal(await claims.locator('li').count(), 10))
      for (const { id, verdict } of metrics.report().claims)
        assert.equal(await claims.locator(`[data-claim=${id}]`).getAttribute('class'), verdict)
      await claims.locator('[data-claim=pull-client-control] button').click()
      await eventually(async () =>
        assert.match(
          await editor.evaluate<string>('RED.nodes.workspace(RED.workspaces.active()).label'),
          /Four ways/
        )
      )
    })

    it('fits into 180 pixels, and throws nothing', async () => {
      await panel.root.evaluate(element => element.setAttribute('style', 'width: 180px'))
      for (const name of ['advice', 'claims'])
        await eventually(async () =>
          assert.equal(
            await panel.root
              .locator(`.section.${name}`)
              .evaluate(element => element.scrollWidth > element.clientWidth + 1),
            false
          )
        )
      await editor.picture(`advice-180-${runtime.name}`)
      assert.deepEqual(editor.errors, [])
    })
  })
