import assert from 'node:assert/strict'
import type { LaneReport } from '../../../../lib/metrics/report.js'
import { type CostName, costFigures } from '../../../../panel/model/charts/cost-figures.js'
import { flagOn, laneReportWith } from '../lane-reports.js'

const empty = laneReportWith()
const polling = (over: Partial<LaneReport> = {}) =>
  laneReportWith({
    name: 'polled',
    updates: { ...empty.updates, delivered: 10 },
    exchanges: { ...empty.exchanges, requests: 16, emptyShare: 0.4, requestsPerUpdate: 1.6 },
    bytes: { sent: 4000, received: 6000, perUpdate: 1000 },
    connections: { open: 1, opened: 1, reconnects: 0 },
    server: { busyShare: 0.02, cpuMicrosPerUpdate: 800, dropped: 0, refused: 0 },
    ...over
  })
const pushing = (over: Partial<LaneReport> = {}) =>
  polling({
    name: 'pushed',
    model: 'push',
    exchanges: { ...empty.exchanges, requests: 0, requestsPerUpdate: 0 },
    bytes: { sent: 500, received: 2000, perUpdate: 250 },
    server: { busyShare: 0.01, cpuMicrosPerUpdate: 800, dropped: 0, refused: 0 },
    ...over
  })
const lanesOf = (...reports: LaneReport[]) =>
  reports.map((report, place) => ({ key: String.fromCharCode(97 + place), report }))
const barsOf = (reports: LaneReport[], name: CostName) =>
  costFigures(lanesOf(...reports)).find(figure => figure.name === name)?.bars ?? []

describe('what an update costs', () => {
  it('comes in six figures with a bar for each lane', () => {
    const figures = costFigures(lanesOf(pushing(), polling()))
    assert.deepEqual(
      figures.map(({ name, bars }) => [name, ...bars.map(({ value }) => value)]),
      [
        ['requests', 0, 1.6],
        ['bytes', 250, 1000],
        ['empty', null, 0.4],
        ['open', 1, 1],
        ['busy', 0.01, 0.02],
        ['cpu', 800, 800]
      ]
    )
  })

  it('is drawn on one scale per figure: the greatest value, for shares of polls the whole', () => {
    const lengths = (name: CostName) => barsOf([pushing(), polling()], name).map(({ length }) => length)
    assert.deepEqual(lengths('bytes'), [0.25, 1])
    assert.deepEqual(lengths('requests'), [0, 1])
    assert.deepEqual(lengths('busy'), [0.5, 1])
    assert.deepEqual(lengths('empty'), [0, 0.4])
  })

  it('marks the least, and none where all are equal or there is only one', () => {
    const least = (reports: LaneReport[], name: CostName) => barsOf(reports, name).map(bar => bar.least)
    assert.deepEqual(least([pushing(), polling()], 'bytes'), [true, false])
    assert.deepEqual(least([pushing(), polling()], 'cpu'), [false, false])
    assert.deepEqual(least([polling()], 'bytes'), [false])
    assert.deepEqual(least([pushing(), polling()], 'empty'), [false, false])
  })

  it('marks no least among different streams, nor where a flag spoils one of them', () => {
    assert.deepEqual(
      barsOf([pushing({ stream: 'other' }), polling()], 'bytes').map(({ least }) => least),
      [false, false]
    )
    assert.deepEqual(
      barsOf([pushing(), polling({ flags: [flagOn('UNEQUAL', 'bytes')] })], 'bytes').map(bar => bar.least),
      [false, false]
    )
  })

  it('marks no lane that has delivered nothing, nor the only one left beside it', () => {
    const idle = polling({ updates: empty.updates, connections: { open: 0, opened: 0, reconnects: 0 } })
    const two = { open: 2, opened: 2, reconnects: 0 }
    const least = (...reports: LaneReport[]) => barsOf(reports, 'open').map(bar => bar.least)
    assert.deepEqual(least(idle, polling()), [false, false])
    assert.deepEqual(least(idle, polling(), pushing({ connections: two })), [false, true, false])
  })

  it('says by the flag that covers a figure why it is not known', () => {
    const flags = [flagOn('EXCHANGES_NOT_WIRED', 'exchanges', 'bytes', 'connections', 'server')]
    const [bar] = barsOf([laneReportWith({ flags })], 'open')
    assert.deepEqual(bar?.gap, { kind: 'flag', flag: flags[0] })
    assert.equal(bar?.value, null)
    assert.equal(bar?.length, 0)
    // this one says only that a figure is not conclusive
    const [other] = barsOf([laneReportWith({ flags: [flagOn('SATURATED', 'server')] })], 'busy')
    assert.deepEqual(other?.gap, { kind: 'not-told' })
  })

  it('tells the usual reasons apart', () => {
    const kind = (report: LaneReport, name: CostName) => barsOf([report], name)[0]?.gap?.kind
    assert.equal(kind(pushing(), 'empty'), 'no-polls')
    assert.equal(kind(polling({ server: null }), 'busy'), 'external')
    assert.equal(kind(polling({ server: null }), 'cpu'), 'external')
    const server = { busyShare: 0.02, cpuMicrosPerUpdate: null, dropped: 0, refused: 0 }
    assert.equal(kind(polling({ server }), 'cpu'), 'platform')
    assert.equal(kind(polling({ server, updates: { ...empty.updates, generated: 0 } }), 'cpu'), 'no-update')
    const bytes = { sent: 100, received: 100, perUpdate: null }
    assert.equal(kind(polling({ bytes, updates: empty.updates }), 'bytes'), 'no-update')
    assert.equal(kind(polling({ exchanges: { ...empty.exchanges, requests: 3 } }), 'empty'), 'no-answer')
    assert.equal(kind(empty, 'open'), 'not-told')
    assert.equal(kind(polling(), 'bytes'), undefined)
  })

  it('says when the figure is that of several streams together', () => {
    const shared = polling({ flags: [flagOn('COSTS_SHARED', 'exchanges', 'bytes', 'connections')] })
    assert.equal(barsOf([shared], 'bytes')[0]?.shared?.message, 'words of COSTS_SHARED')
    assert.equal(barsOf([shared], 'bytes')[0]?.value, 1000)
    assert.equal(barsOf([shared], 'busy')[0]?.shared, null)
  })
})
