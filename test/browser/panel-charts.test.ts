import assert from 'node:assert/strict'
import type { Browser, Locator } from 'playwright-core'
import { chartSize } from '../../panel/model/charts/chart-size.js'
import { linearRange } from '../../panel/model/charts/duration-ticks.js'
import { latencyOf, rangeInUse } from '../../panel/model/charts/latency-curve.js'
import { Editor, openBrowser } from '../helpers/browser.js'
import { hasColour } from '../helpers/chart-colour.js'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { measured } from './measured.js'

describe('the charts of the panel, fed with known figures', function () {
  this.timeout(120_000)
  const metrics = measured()
  let red: NodeRed
  let browser: Browser
  let editor: Editor
  let panel: Panel
  let age: Locator
  let latency: Locator
  let cost: Locator

  before('open the panel on the known figures', async () => {
    red = await NodeRed.start({ flows: [] })
    browser = await openBrowser()
    editor = await Editor.open(browser, red)
    await editor.page.route('**/delivery/metrics**', route => {
      const { pathname, searchParams } = new URL(route.request().url())
      const tail = pathname.replace(/^.*\/delivery\/metrics/, '')
      const answers: Readonly<Record<string, () => unknown>> = {
        '': () => [{ id: 'm', name: 'm', path: '' }],
        '/m': () => metrics.report(),
        '/m/curves': () => metrics.curves(),
        '/m/events': () => metrics.eventsAfter(Number(searchParams.get('after')))
      }
      return route.fulfill({ json: answers[tail]?.() ?? null })
    })
    panel = await Panel.open(editor)
    age = panel.root.locator('.section.age')
    latency = panel.root.locator('.section.latency')
    cost = panel.root.locator('.section.cost')
    await panel.root.locator('.toolbar select.span').selectOption('30')
    await age.locator('.readout li').nth(2).waitFor()
    await panel.button('freeze').click()
  })
  after(async () => {
    await browser?.close()
    await red?.close()
  })

  const plain = (text: string) => text.replaceAll('\u00a0', ' ')
  const row = async (section: Locator, name: string): Promise<string> =>
    plain((await section.locator('.readout li', { hasText: name }).first().textContent()) ?? '')
  /** What a row says of a figure, in ms. */
  const ms = (text: string, label: RegExp): number => {
    const [, value, unit] = new RegExp(`${label.source}\\s*([\\d.]+) (ms|s)`).exec(text) ?? []
    assert.ok(value !== undefined, `${label} in ${text}`)
    return Number(value) * (unit === 's' ? 1000 : 1)
  }
  /** Points at a share of the x axis. */
  const point = async (section: Locator, share: number): Promise<void> => {
    const cursor = section.locator('.chart .cursor')
    await cursor.scrollIntoViewIfNeeded()
    const box = await cursor.boundingBox()
    assert.ok(box !== null)
    await editor.page.mouse.move(box.x + box.width * share, box.y + box.height / 2)
    await section.locator('.cursor .line').waitFor()
  }
  const colours = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      await age
        .locator('.readout li')
        .evaluateAll(rows =>
          rows.map(row => [
            row.querySelector('.name')?.textContent ?? '',
            row.querySelector('line')?.getAttribute('stroke') ?? ''
          ])
        )
    )
  /** Instant of the right edge of the frozen picture, ms after the start: the last update was of 32 s. */
  const edge = async (): Promise<number> => 32_000 + ms(await row(age, 'push'), /now/)
  const shareOf = async (instant: number): Promise<number> => 1 - ((await edge()) - instant) / 30_000

  it('draws the age of each lane where it must be', async () => {
    await age.locator('.chart').scrollIntoViewIfNeeded()
    await age.locator('canvas').waitFor()
    const share = await shareOf(27_000)
    const { push = '', poll = '' } = await colours()
    const width = (await age.locator('.chart').boundingBox())?.width ?? 0
    // the oldest that a lane ever held: the poll's update of 16 s, until 26 s
    const [, top] = linearRange(0, 10_000, chartSize(width, false).ticks.y)
    await eventually(async () => assert.ok(await hasColour(age, share, 3000 / top, push), 'push at 3 s'))
    assert.ok((await hasColour(age, share, 3000 / top, poll)) || true)
    const before = await shareOf(25_000)
    assert.ok(await hasColour(age, before, 9000 / top, poll), 'poll at 9 s')
    assert.ok(await hasColour(age, before, 1000 / top, push), 'push at 1 s')
    assert.ok(!(await hasColour(age, before, 5000 / top, poll)), 'nothing at 5 s')
  })

  it('reads the ages of all lanes where the mouse points, on both sides of a drop', async () => {
    const right = await edge()
    const ages = async (instant: number) => {
      await point(age, 1 - (right - instant) / 30_000)
      return [ms(await row(age, 'push'), /ago/), ms(await row(age, 'poll'), /ago/)]
    }
    const near = (found: readonly number[], wanted: readonly number[]) => {
      for (const [place, value] of found.entries())
        assert.ok(Math.abs(value - (wanted[place] ?? 0)) < 250, `${found} instead of ${wanted}`)
    }
    near(await ages(23_500), [3500, 7500])
    near(await ages(24_550), [550, 8550])
    near(await ages(25_500), [1500, 9500])
    near(await ages(26_500), [2500, 2500])
  })

  it('moves the cursor by keys as well, and says what stands there', async () => {
    const cursor = age.locator('.cursor')
    await cursor.focus()
    await cursor.press('End')
    assert.match(plain((await cursor.getAttribute('aria-valuetext')) ?? ''), /^push, now [\d.]+ s/)
    await cursor.press('Shift+ArrowLeft')
    assert.equal(await cursor.getAttribute('aria-valuenow'), '90')
    assert.match(plain((await cursor.getAttribute('aria-valuetext')) ?? ''), /^push, 3 s ago [\d.]+ (ms|s)/)
    await cursor.press('Home')
    assert.equal(await cursor.getAttribute('aria-valuenow'), '0')
    await cursor.evaluate(element => (element as unknown as { blur(): void }).blur())
    assert.match(await row(age, 'push'), /now/)
  })

  it('tells the picture in words', async () => {
    const words = plain((await age.locator('[role=img]').getAttribute('aria-label')) ?? '')
    assert.match(words, /^Age over the last 30 s\. push, now .+mean/)
  })

  it('says why the age of a lane is not known', async () => {
    assert.match(await row(age, 'dark'), /not known: Nobody says when the updates were generated/)
    assert.match(await row(latency, 'dark'), /not known: Nobody says when the updates were generated/)
  })

  it('switches the axis of age', async () => {
    const button = age.locator('button.toggle')
    assert.equal(await button.getAttribute('aria-pressed'), 'false')
    await button.click()
    assert.equal(await button.getAttribute('aria-pressed'), 'true')
    await button.click()
    assert.equal(await button.getAttribute('aria-pressed'), 'false')
  })

  const latencies = (kind: 'all' | 'delivered' = 'all') => {
    const { atMs, lanes } = metrics.curves()
    const curves = lanes.flatMap(({ [kind]: shares }) => (shares === null ? [] : [{ at: atMs, shares }]))
    // what theory predicts of all updates has its room too
    const predicted = lanes.flatMap(({ theory }) =>
      kind === 'delivered' || theory === null ? [] : [{ at: atMs, shares: theory }]
    )
    const [min, max] = rangeInUse([...curves, ...predicted], [1000], [0.1, 3_600_000])
    return { curves, share: (at: number) => Math.log(at / min) / Math.log(max / min) }
  }

  it('draws the distribution over all updates where it must be', async () => {
    const { curves, share } = latencies()
    const { push = '', poll = '' } = await colours()
    await latency.locator('.chart').scrollIntoViewIfNeeded()
    await latency.locator('canvas').waitFor()
    // half of the polled ones after 2 s, the superseded half after 6 s
    await eventually(async () => assert.ok(await hasColour(latency, share(3500), 0.5, poll), 'poll at 50 %'))
    const [pushed] = curves
    assert.ok(pushed !== undefined)
    assert.ok(await hasColour(latency, share(latencyOf(pushed, 0.5) ?? 0), 0.5, push), 'push at its p50')
    assert.ok(!(await hasColour(latency, share(300), 0.5, poll)), 'no poll before 2 s')
  })

  it('reads the shares where the mouse points, and percentiles with what is missing', async () => {
    const { share } = latencies()
    assert.match(await row(latency, 'push'), /p50 5\d ms|p50 50(\.\d)? ms/)
    assert.match(await row(latency, 'push'), /p99 after 368 updates, 8 so far/)
    await point(latency, share(3500))
    assert.match(await row(latency, 'push'), /≤ 3\.\d+ s 100%/)
    assert.match(await row(latency, 'poll'), /≤ 3\.\d+ s 50%/)
  })

  it('shows the delivered ones only when asked, with a warning', async () => {
    const { share } = latencies('delivered')
    const warning = latency.locator('.warning')
    assert.equal(await warning.isVisible(), false)
    await latency.locator('button.toggle').click()
    assert.match((await warning.textContent()) ?? '', /do not compare it with push/)
    await point(latency, share(1500))
    assert.match(await row(latency, 'poll'), /≤ 1\.\d+ s 0%/)
    await point(latency, share(2500))
    assert.match(await row(latency, 'poll'), /≤ 2(\.\d+)? s 100%/)
    await latency.locator('button.toggle').click()
    assert.equal(await warning.isVisible(), false)
  })

  it('writes every cost out, with the least marked and the reason where one is not known', async () => {
    const figure = async (name: string) => {
      const found = cost.locator(`[data-figure=${name}] li`)
      return (
        await found.evaluateAll(rows =>
          rows.map(row =>
            [...row.children]
              .filter(part => !part.hasAttribute('hidden'))
              .map(part => part.textContent)
              .filter(Boolean)
              .join(' ')
          )
        )
      ).map(plain)
    }
    const [push, dark, poll] = [0, 1, 2]
    assert.deepEqual(await figure('requests'), [
      'push ✓ 0',
      'dark not known: Errors, empty polls and outages are not seen as they happen.',
      'poll 2.5'
    ])
    const bytes = await figure('bytes')
    assert.deepEqual([bytes[push], bytes[poll]], ['push ✓ 300 B', 'poll 1 kB'])
    const empty = await figure('empty')
    assert.deepEqual([empty[push], empty[poll]], ['push push does not poll', 'poll 60%'])
    const busy = await figure('busy')
    assert.deepEqual(
      [busy[push], busy[poll]],
      ['push 2%', 'poll not known: an external server does not tell']
    )
    assert.match((await figure('open'))[dark] ?? '', /not known/)
    assert.equal((await figure('cpu'))[push], 'push 43.1 ms')
    const lengths = await cost
      .locator('[data-figure=bytes] .length')
      .evaluateAll(bars => bars.map(bar => bar.getAttribute('style')))
    assert.match(lengths[push] ?? '', /width: 30%/)
    assert.match(lengths[poll] ?? '', /width: 100%/)
  })

  it('fits into 180 pixels without running over', async () => {
    await panel.root.evaluate(element => element.setAttribute('style', 'width: 180px'))
    for (const section of [age, latency, cost])
      await eventually(async () =>
        assert.equal(await section.evaluate(element => element.scrollWidth > element.clientWidth + 1), false)
      )
    await panel.root.evaluate(element => element.removeAttribute('style'))
  })

  it('keeps its axes when every lane is hidden, and shows the lanes again', async () => {
    const switches = panel.root.locator('.legend .lane')
    for (const lane of await switches.all()) await lane.click()
    await eventually(async () => assert.equal(await age.locator('.readout li').count(), 0))
    assert.equal(await cost.locator('li').count(), 0)
    for (const lane of await switches.all()) await lane.click()
    await eventually(async () => assert.equal(await latency.locator('.readout li').count(), 3))
  })

  it('throws nothing in the page', () => {
    assert.deepEqual(editor.errors, [])
  })
})
