import assert from 'node:assert/strict'
import { htmlReport } from '../../../../lib/metrics/page/page.js'
import type { LaneReport } from '../../../../lib/metrics/report.js'
import { FACTS, HOSTILE, richReport } from '../rich-report.js'
import { workbench } from '../workbench.js'

const { report, curves } = richReport()
const page = htmlReport(report, curves, FACTS)

describe('the report page', () => {
  it('loads nothing, runs nothing and sends nothing', () => {
    assert.match(page, /default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;/)
    assert.ok(!/<(?:script|link|img|iframe|form|a|object)\b|\bon\w+=|@import|url\(|https?:/.test(page))
  })

  it('lets no name become markup, wherever it stands', () => {
    const hostile = richReport(HOSTILE)
    const facts = {
      ...FACTS,
      settings: [[HOSTILE, HOSTILE]] as const,
      versions: [[HOSTILE, HOSTILE]] as const,
      workloads: [{ name: HOSTILE, settings: [[HOSTILE, HOSTILE]] as const }]
    }
    const text = htmlReport(hostile.report, hostile.curves, facts)
    assert.ok(!text.includes('<script'))
    assert.ok(!text.includes("'x'"))
    assert.ok(text.includes('&lt;/title&gt;&lt;script&gt;alert(&#39;x&#39;)'))
    const elements = (markup: string) => markup.match(/<[a-z]+[ >]/g)?.length
    const plain = htmlReport(report, curves, { ...facts, settings: [['a', 'b']], versions: [['a', 'b']] })
    assert.equal(elements(text), elements(plain))
  })

  it('draws a curve for every lane, the one that theory predicts dashed', () => {
    assert.equal(page.match(/<path class="measured"/g)?.length, 3)
    assert.equal(page.match(/<path class="theory"/g)?.length, 2)
  })

  it('draws the frontier with every measured lane as a dot', () => {
    const frontier = page.slice(page.indexOf('Predicted freshness and cost'))
    const svg = frontier.slice(0, frontier.indexOf('</svg>'))
    assert.match(svg, /class="frontier" d="M/)
    assert.equal(svg.match(/class="number"/g)?.length, 3)
  })

  it('says what is measured beside how sure it is and what theory says', () => {
    const row = rowOf(page, 'latencyMs.mean')
    const { mean = 0 } = report.lanes[0]?.latencyMs ?? {}
    assert.ok(row.includes(`<data value="${mean}">`), row)
    assert.match(row, /95 %: [\d.]+\sms – [\d.]+\sms/)
    assert.match(row, /theory 1\.01\ss ± 5\.5\sms/)
    assert.match(row, /title="CLOCK: see below">\*/)
  })

  it('tells flags, outages, claims, settings and versions', () => {
    for (const words of [
      'The clock of push is off. Set &lt;it&gt;.',
      'taken away on purpose',
      'holds here',
      'Earthquakes &lt;live&gt;',
      '<dt>seed</dt><dd>42</dd>',
      '<dt>a package</dt><dd>1.2.3</dd>',
      'How to read this'
    ])
      assert.ok(page.includes(words), words)
  })

  it('has its tables side by side in pieces that fit on paper, every lane in one', () => {
    const [first] = report.lanes
    const lanes = Array.from({ length: 14 }, (_, place) => ({
      ...(first as LaneReport),
      source: `s${place}`,
      name: `lane ${place}`
    }))
    const many = htmlReport({ ...report, lanes }, curves, FACTS)
    const tables = many.match(/<table class="figures">.*?<\/thead>/gs) ?? []
    assert.deepEqual(
      tables.map(table => table.match(/<th /g)?.length),
      [6, 6, 2]
    )
    for (const { name } of lanes)
      assert.equal(tables.filter(table => table.includes(` ${name}</th>`)).length, 1)
  })

  it('tells what was measured under earlier settings, the latest first', () => {
    const [poll, ...others] = report.lanes
    assert.ok(poll !== undefined)
    const previous = [500, 750].map(intervalMs => ({ ...poll, intervalMs, previous: [] }))
    const text = htmlReport({ ...report, lanes: [{ ...poll, previous }, ...others] }, curves, FACTS)
    const table = text.slice(text.indexOf('Under earlier settings'))
    assert.match(table, /^.*?<td>750\sms<\/td>.*?<td>500\sms<\/td>/s)
    assert.ok(!page.includes('Under earlier settings'))
  })

  it('is a page with nothing measured, too', () => {
    const { metrics } = workbench()
    assert.match(htmlReport(metrics.report(), metrics.curves()), /<\/html>\n$/)
  })
})

const rowOf = (html: string, key: string): string =>
  new RegExp(`<tr data-figure="${key}">.*?</tr>`, 's').exec(html)?.[0] ?? ''
