import assert from 'node:assert/strict'
import { csvReport } from '../../lib/metrics/csv.js'
import { figures } from '../../lib/metrics/figures.js'
import { openMetrics } from '../../lib/metrics/openmetrics.js'
import { families } from '../../lib/metrics/openmetrics-families.js'
import { htmlReport } from '../../lib/metrics/page/page.js'
import type { LaneReport, Report } from '../../lib/metrics/report.js'
import { numberTexts } from '../../lib/number-texts.js'
import { rowOf } from '../../panel/model/table/rows.js'
import { FACTS, richReport } from '../lib/metrics/rich-report.js'

type Leaf = string | number | boolean | null

/** What has rows or pictures of its own, or is no figure. */
const APART = /\.histogram\.|^previous|^flags|^outages|^fleet/

/** Every value of a lane by its path. */
function leavesOf(value: unknown, path: string, into = new Map<string, Leaf>()): Map<string, Leaf> {
  if (typeof value !== 'object' || value === null) into.set(path, value as Leaf)
  else
    for (const [key, inner] of Object.entries(value))
      leavesOf(inner, path === '' ? key : `${path}.${key}`, into)
  return into
}

const at = (lane: LaneReport, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | null)?.[key] ?? null, lane)

/** Where the report has what a family of metrics shows, and by how much that is greater. */
const SCRAPED: Readonly<Record<string, readonly [path: string, factor: number]>> = {
  delivery_age_seconds: ['ageMs.now', 1000],
  delivery_age_mean_seconds: ['ageMs.mean', 1000],
  delivery_fresh_ratio: ['freshShare', 1],
  delivery_within_target_ratio: ['targetShare', 1],
  delivery_versions_behind: ['versionsBehind', 1],
  delivery_generated_updates: ['updates.generated', 1],
  delivery_delivered_updates_total: ['updates.delivered', 1],
  delivery_superseded_updates: ['updates.superseded', 1],
  delivery_lost_updates: ['updates.lost', 1],
  delivery_pending_updates: ['updates.pending', 1],
  delivery_duplicate_updates_total: ['updates.duplicate', 1],
  delivery_catch_up_updates_total: ['updates.catchUp', 1],
  delivery_requests_total: ['exchanges.requests', 1],
  'delivery_failed_requests_total{kind="error"}': ['exchanges.errors', 1],
  'delivery_failed_requests_total{kind="timeout"}': ['exchanges.timeouts', 1],
  'delivery_failed_requests_total{kind="throttled"}': ['exchanges.throttled', 1],
  delivery_skipped_polls_total: ['exchanges.skipped', 1],
  delivery_empty_polls_ratio: ['exchanges.emptyShare', 1],
  'delivery_traffic_bytes_total{direction="sent"}': ['bytes.sent', 1],
  'delivery_traffic_bytes_total{direction="received"}': ['bytes.received', 1],
  delivery_open_connections: ['connections.open', 1],
  delivery_opened_connections_total: ['connections.opened', 1],
  delivery_reconnects_total: ['connections.reconnects', 1],
  delivery_server_busy_ratio: ['server.busyShare', 1],
  delivery_predicted_latency_mean_seconds: ['theory.latencyMeanMs', 1000],
  delivery_predicted_age_mean_seconds: ['theory.ageMeanMs', 1000],
  delivery_predicted_fresh_ratio: ['theory.freshShare', 1],
  delivery_predicted_empty_polls_ratio: ['theory.emptyShare', 1]
}
const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  delivery_latency_seconds: 'latencyMs',
  delivery_delivered_latency_seconds: 'latencyDeliveredMs',
  delivery_behind_first_seconds: 'behindFirstMs'
}

/** `[name{own label}, lane, value]` of every sample, without the labels that all have. */
function samplesOf(text: string): readonly (readonly [name: string, lane: string, value: number])[] {
  return text.split('\n').flatMap(line => {
    const [, name, lane = '', own, value] =
      /^(\w+)\{.*?,lane="([^"]*)",model="\w+",stream="\w+"(?:,(\w+="[^"]*"))?\} (\S+)$/.exec(line) ?? []
    return name === undefined ? [] : [[own === undefined ? name : `${name}{${own}}`, lane, Number(value)]]
  })
}

describe('a report of a report', () => {
  const { report: measured, curves } = richReport()
  // what a program reads is what came over the wire
  const report = JSON.parse(JSON.stringify(measured)) as Report
  const [names = [], ...rows] = csvReport(measured)
    .trim()
    .split('\r\n')
    .map(line => line.split(','))
  const page = htmlReport(measured, curves, FACTS)
  const numbers = numberTexts('en')

  it('as CSV has every value of the JSON, each under its path', () => {
    for (const [place, lane] of report.lanes.entries()) {
      const cells = new Map(names.map((name, column) => [name, rows[place]?.[column] ?? '']))
      assert.equal(cells.get('outages'), String(lane.outages.length))
      const leaves = [...leavesOf(lane, '')].filter(([path]) => !APART.test(path))
      assert.ok(leaves.length > 80, String(leaves.length))
      for (const [path, value] of leaves) {
        const sure = path.replace(/(ci95\.\w+)\.0$/, '$1.low').replace(/(ci95\.\w+)\.1$/, '$1.high')
        // an interval or an object that is not known is null as a whole
        const known = names.includes(sure) ? [sure] : names.filter(name => name.startsWith(`${sure}.`))
        assert.ok(known.length > 0, `${lane.name}: ${path} is not in the CSV`)
        for (const name of known) assert.equal(cells.get(name), value === null ? '' : String(value), name)
      }
    }
  })

  it('as a page has the figures of the JSON, written as the table of the panel writes them', () => {
    const lanes = [...report.lanes].sort((a, b) => Number(a.model === 'pull') - Number(b.model === 'pull'))
    let compared = 0
    for (const figure of figures) {
      const row = new RegExp(`<tr data-figure="${figure.key}">.*?</tr>`, 's').exec(page)?.[0]
      const { cells } = rowOf(figure, lanes, numbers)
      if (row === undefined) {
        assert.ok(
          cells.every(({ value }) => value === null),
          figure.key
        )
        continue
      }
      const shown = [...row.matchAll(/<td>(?:<data value="([^"]*)">([^<]*)<\/data>|–)/g)]
      assert.equal(shown.length, lanes.length, figure.key)
      for (const [place, [, value, text]] of shown.entries()) {
        const lane = lanes[place] as LaneReport
        assert.equal(value === undefined ? null : Number(value), at(lane, figure.key), figure.key)
        assert.equal(text ?? '–', cells[place]?.text, figure.key)
        assert.equal(cells[place]?.value, at(lane, figure.key), figure.key)
        compared += 1
      }
    }
    assert.ok(compared > 100, String(compared))
  })

  it('as OpenMetrics has the figures of the JSON, each family compared', () => {
    const samples = samplesOf(openMetrics([measured]))
    const seen = new Set<string>()
    for (const [name, laneName, value] of samples) {
      const lane = report.lanes.find(one => one.name === laneName) as LaneReport
      const family = Object.keys(DISTRIBUTIONS).find(one => name.startsWith(one))
      seen.add(name)
      if (name.includes('_created')) assert.equal(value, lane.windowStart / 1000)
      else if (family !== undefined) {
        const { count, mean, histogram } = at(lane, DISTRIBUTIONS[family] ?? '') as NonNullable<
          LaneReport['latencyMs']
        >
        if (/_count$|\+Inf/.test(name)) assert.equal(value, count, name)
        else if (name.endsWith('_sum'))
          assert.ok(Math.abs(value * 1000 - mean * count) < 1e-6 * mean * count, name)
        else {
          const bound = Number(/le="(.*)"/.exec(name)?.[1]) * 1000
          // the edges of the histogram's buckets, by their definition
          const below = (histogram?.buckets ?? []).filter(([index]) => upperEdge(index) <= bound)
          assert.equal(
            value,
            Math.min(
              count,
              below.reduce((sum, [, held]) => sum + held, 0)
            ),
            name
          )
        }
      } else {
        const [path, factor] = SCRAPED[name] ?? []
        assert.ok(path !== undefined && factor !== undefined, `nobody knows what ${name} is`)
        assert.equal(value, (at(lane, path) as number) / factor, name)
      }
    }
    // this report tells of everything
    for (const { name } of families)
      assert.ok(
        [...seen].some(one => one.startsWith(name)),
        name
      )
    for (const name of Object.keys(SCRAPED)) assert.ok(seen.has(name), name)
  })
})

/** Of a bucket of a histogram (`HistogramJson`), ms. */
function upperEdge(index: number): number {
  const perOctave = 64
  if (index === 0) return 2 ** -10
  const place = index - 1
  const octave = Math.floor(place / perOctave) - 10
  return 2 ** octave * (1 + ((place % perOctave) + 1) / perOctave)
}
