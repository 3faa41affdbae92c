import assert from 'node:assert/strict'
import type { Browser, Locator } from 'playwright-core'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { measured } from './measured.js'

const metrics = measured()

describe('the panel for a class', function () {
  this.timeout(120_000)
  let red: NodeRed
  let browser: Browser
  let editor: Editor
  let panel: Panel
  let lesson: Locator

  before('open the panel on known figures', async () => {
    red = await NodeRed.start({ flows: [] })
    browser = await openBrowser()
    editor = await Editor.open(browser, red)
    await editor.page.route('**/delivery/metrics**', route => {
      const { pathname, searchParams } = new URL(route.request().url())
      const answers: Readonly<Record<string, () => unknown>> = {
        '': () => [{ id: 'm', name: 'm', path: '' }],
        '/m': () => metrics.report(),
        '/m/curves': () => metrics.curves(),
        '/m/events': () => metrics.eventsAfter(Number(searchParams.get('after')))
      }
      const answer = answers[pathname.replace(/^.*\/delivery\/metrics/, '')]?.()
      return answer === undefined
        ? route.fulfill({ status: 404, json: { error: 'NOT_FOUND', message: 'Nothing is there.' } })
        : route.fulfill({ json: answer })
    })
    panel = await Panel.open(editor)
    lesson = panel.root.locator('.lesson')
    await panel.root.locator('.legend li').nth(2).waitFor()
  })
  after(async () => {
    await browser?.close()
    await red?.close()
  })

  const told = async (selector: string) => (await lesson.locator(selector).textContent()) ?? ''

  it('hides the results until all three are guessed', async () => {
    await panel.button('predict').click()
    await lesson.locator('.guess').waitFor()
    for (const hidden of ['.headline', '.pictures', '.legend'])
      assert.equal(await panel.root.locator(hidden).first().isVisible(), false, hidden)
    assert.equal(await lesson.locator('.guessed').isVisible(), false)
    await lesson.locator('input.latency').fill('1')
    await lesson.locator('button.reveal').click()
    await eventually(async () => assert.match(await told('.said'), /all three/))
    assert.equal(await panel.root.locator('.pictures').isVisible(), false)
  })

  it('draws guess and measurement together, and shows the results again', async () => {
    const lane = metrics
      .report()
      .lanes.find(({ model, trigger }) => model === 'pull' && trigger === 'interval')
    const mean = lane?.latencyMs?.mean ?? Number.NaN
    const share = lane?.exchanges.emptyShare ?? Number.NaN
    await lesson.locator('input.latency').fill('1')
    await lesson.locator('input.empty').fill('25')
    await lesson.locator('select.winner').selectOption('pull')
    await lesson.locator('button.reveal').click()
    await lesson.locator('.guessed').waitFor()
    assert.equal(await lesson.locator('form.guess').isVisible(), false)
    assert.equal(await panel.root.locator('.pictures').isVisible(), true)
    const places = async (kind: string) =>
      (
        await lesson
          .locator(`.place.${kind}`)
          .evaluateAll(signs => signs.map(sign => sign.getAttribute('data-place')))
      ).map(Number)
    const end = Math.max(1000, mean, lane?.theory?.latencyMeanMs ?? 0)
    const near = (found: readonly number[], wanted: readonly number[]) =>
      wanted.forEach((value, index) => {
        assert.ok(Math.abs((found[index] ?? Number.NaN) - value) < 0.002, `${found} against ${wanted}`)
      })
    near(await places('guess'), [1000 / end, 0.25])
    near(await places('measured'), [mean / end, share])
    assert.equal(await told('.latency .guess dd'), '1\u00a0s')
    assert.equal(await told('.empty .guess dd'), '25%')
    assert.match(await told('.sooner'), /polling \/ push$/)
    await panel.button('predict').click()
    assert.equal(await lesson.isVisible(), false)
  })

  it('presents one section and one sentence at a time, by arrow keys, and Esc leaves', async () => {
    const shown = () =>
      panel.root
        .locator('.section')
        .evaluateAll(all =>
          all.filter(one => (one as HTMLElement).offsetHeight > 0).map(one => one.className.split(' ')[1])
        )
    await panel.button('present').click()
    await lesson.locator('.step').waitFor()
    assert.match((await panel.root.getAttribute('class')) ?? '', /expanded/)
    for (const [index, name] of ['timeline', 'age', 'latency', 'cost', 'table'].entries()) {
      if (index > 0) await editor.page.keyboard.press('ArrowRight')
      await eventually(async () => assert.deepEqual(await shown(), [name]))
      assert.match(await told('.step'), new RegExp(`^${index + 1}/5 \\S.*\\.$`))
    }
    await editor.page.keyboard.press('ArrowLeft')
    await eventually(async () => assert.deepEqual(await shown(), ['cost']))
    await editor.page.keyboard.press('Escape')
    await eventually(async () => assert.equal(await lesson.isVisible(), false))
    assert.doesNotMatch((await panel.root.getAttribute('class')) ?? '', /expanded|presenting/)
    assert.ok((await shown()).length >= 5)
    assert.deepEqual(editor.errors, [])
  })
})
