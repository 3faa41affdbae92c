import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Browser, Download, Locator } from 'playwright-core'
import { csvReport } from '../../lib/metrics/csv.js'
import { htmlReport } from '../../lib/metrics/page/page.js'
import type { Report } from '../../lib/metrics/report.js'
import { Editor, openBrowser } from '../helpers/browser.js'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { Panel } from '../helpers/panel.js'
import { FACTS } from '../lib/metrics/rich-report.js'
import { measured } from './measured.js'

const metrics = measured()

/** Lanes as now with one figure of their own, and one that is gone. */
function earlierRun(): Report {
  const report = metrics.report(true)
  const lanes = report.lanes.map(lane => ({ ...lane, freshShare: 0.123 }))
  const gone = lanes.slice(0, 1).map(lane => ({ ...lane, source: 'gone', name: '<i>gone</i>' }))
  return { ...report, name: '<b>earlier</b>', lanes: [...lanes, ...gone] }
}

describe('a run that is saved from the panel, and shown beside another', function () {
  this.timeout(120_000)
  const earlier = JSON.stringify(earlierRun())
  let red: NodeRed
  let browser: Browser
  let editor: Editor
  let panel: Panel
  let saved: Locator

  before('open the panel on known figures', async () => {
    red = await NodeRed.start({ flows: [] })
    browser = await openBrowser()
    editor = await Editor.open(browser, red)
    await editor.page.route('**/delivery/metrics**', route => {
      const { pathname, searchParams } = new URL(route.request().url())
      const answers: Readonly<Record<string, () => unknown>> = {
        '': () => [{ id: 'm', name: 'm', path: '' }],
        '/m': () => metrics.report(),
        '/m/report.html': () => htmlReport(metrics.report(), metrics.curves(), FACTS),
        '/m/report.csv': () => csvReport(metrics.report()),
        '/m/report.json': () => metrics.report(true),
        '/m/curves': () => metrics.curves(),
        '/m/events': () => metrics.eventsAfter(Number(searchParams.get('after')))
      }
      const answer = answers[pathname.replace(/^.*\/delivery\/metrics/, '')]?.()
      if (typeof answer === 'string') return route.fulfill({ body: answer })
      return answer === undefined
        ? route.fulfill({ status: 404, json: { error: 'NOT_FOUND', message: 'Nothing is there.' } })
        : route.fulfill({ json: answer })
    })
    panel = await Panel.open(editor)
    saved = panel.root.locator('.saved')
    await panel.root.locator('.legend li').nth(2).waitFor()
    await panel.button('save').click()
  })
  after(async () => {
    await browser?.close()
    await red?.close()
  })

  async function download(form: string): Promise<readonly [name: string, body: string]> {
    const [file] = await Promise.all([
      editor.page.waitForEvent('download') as Promise<Download>,
      panel.root.locator(`.saving .save-${form}`).click()
    ])
    return [file.suggestedFilename(), await readFile(await file.path(), 'utf8')]
  }
  const choose = async (name: string, body: string): Promise<void> => {
    const file = { name, mimeType: 'application/json', buffer: Buffer.from(body) }
    await panel.root.locator('.saving input[type=file]').setInputFiles(file)
  }
  /** Drops a file on the panel, as the browser does. */
  const drop = async (body: string): Promise<void> => {
    const transfer = await editor.page.evaluateHandle(text => {
      const data = new DataTransfer()
      data.items.add(new File([text], 'run.json', { type: 'application/json' }))
      return data
    }, body)
    await panel.root.dispatchEvent('dragover', { dataTransfer: transfer })
    assert.match((await panel.root.getAttribute('class')) ?? '', /dropping/)
    await panel.root.dispatchEvent('drop', { dataTransfer: transfer })
    assert.doesNotMatch((await panel.root.getAttribute('class')) ?? '', /dropping/)
  }
  const says = (what: RegExp) =>
    eventually(async () => assert.match((await saved.locator('.said').textContent()) ?? '', what))

  it('comes as a page, as CSV, and as JSON with its histograms', async () => {
    const [page, html] = await download('page')
    assert.match(page, /^push-vs-pull-m-\d{4}-\d\d-\d\d-\d{4}\.html$/)
    assert.match(html, /^<!doctype html>/)
    const [csv, rows] = await download('csv')
    assert.match(csv, /\.csv$/)
    assert.equal(rows, csvReport(metrics.report()))
    const [json, text] = await download('json')
    assert.match(json, /\d\.json$/)
    assert.ok((JSON.parse(text) as Report).lanes[0]?.latencyMs?.histogram !== undefined)
    await says(/^Saved\.$/)
  })

  it('says why it could not be saved', async () => {
    await panel.root.locator('.saving .save-times').click()
    await says(/could not be saved: Nothing is there\./)
  })

  it('is refused with a reason when it is no report', async () => {
    await choose('flow.json', '[{"id":"a","type":"tab"}]')
    await says(/some other JSON/)
    await choose('page.html', '<b>no</b>')
    await says(/not JSON/)
    await drop(earlier.replace('"freshShare":0.123', '"freshShare":"<b>"'))
    await says(/no figures/)
    assert.equal(await saved.locator('.saved-run').isVisible(), false)
  })

  it('stands beside the figures of now when it is dropped on the panel', async () => {
    const table = await panel.section('table')
    assert.equal(await table.locator('.before').count(), 0)
    await drop(earlier)
    await saved.locator('.saved-run').waitFor()
    const words = (await saved.locator('.saved-run').textContent()) ?? ''
    assert.match(words, /<b>earlier<\/b>/)
    assert.match(words, /Not in this run: <i>gone<\/i>/)
    assert.equal(await saved.locator('b, i').count(), 0)
    const cells = table.locator('tr[data-figure=freshShare] .before')
    await eventually(async () =>
      assert.deepEqual(await cells.allTextContents(), ['before: 12.3%', 'before: 12.3%', 'before: 12.3%'])
    )
    // drawn in the latency picture, said by its text alternative
    const picture = panel.root.locator('.section.latency [role=img]')
    await eventually(async () =>
      assert.match((await picture.getAttribute('aria-label')) ?? '', /Dotted.*push 50\sms/)
    )
  })

  it('fits into a sidebar of 180 px', async () => {
    await editor.evaluate(`document.querySelector('.push-vs-pull').style.width = '180px'`)
    for (const part of ['.toolbar', '.saving', '.saved'])
      await eventually(async () => {
        const [inside, outside] = await panel.root
          .locator(part)
          .evaluate(element => [element.scrollWidth, element.clientWidth])
        assert.ok(inside !== undefined && outside !== undefined && outside < 180 && inside <= outside, part)
      })
    await editor.evaluate(`document.querySelector('.push-vs-pull').style.width = ''`)
  })

  it('goes when it is taken away, and comes by the button too', async () => {
    await saved.locator('.remove').click()
    const table = await panel.section('table')
    await eventually(async () => assert.equal(await table.locator('.before').count(), 0))
    assert.equal(await saved.locator('.saved-run').isVisible(), false)
    await choose('run.json', earlier)
    await table.locator('.before').first().waitFor()
    await panel.root.locator('.saving .beside').press('Escape')
    assert.equal(await panel.root.locator('.saving').isVisible(), false)
    assert.deepEqual(editor.errors, [])
  })
})
