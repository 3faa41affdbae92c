import assert from 'node:assert/strict'
import { numberTexts } from '../../../../lib/number-texts.js'
import { Histogram } from '../../../../lib/stats/histogram.js'
import { type DecisionFacts, type DecisionSettings, decide } from '../../../../lib/theory/decision.js'
import { pointOf } from '../../../../lib/theory/frontier.js'
import { Gaps } from '../../../../lib/theory/gaps.js'
import { situationOf } from '../../../../lib/theory/situation.js'
import { type FrontierAxes, intervalAt } from '../../../../panel/model/decision/frontier-axes.js'
import { type FrontierLane, measuredLanes } from '../../../../panel/model/decision/frontier-lanes.js'
import { frontierPicture } from '../../../../panel/model/decision/frontier-picture.js'

/** An update every 10 s. */
const gaps = Gaps.of(Array.from({ length: 1000 }, () => 10_000))
const histogram = new Histogram()
for (let count = 0; count < 1000; count += 1) histogram.record(10_000)
const facts: DecisionFacts = {
  stream: 'updates',
  speed: 1,
  gaps: histogram.toJSON(),
  wayBackMs: 20,
  push: null,
  poll: { bytesUpdated: 600, bytesEmpty: 200, cpuMicrosPerRequest: null },
  spoiledBy: []
}
const settings: DecisionSettings = {
  target: { ms: 2020, share: 0.5 },
  clients: 10,
  maxRequestsPerSecond: 5,
  maxBytesPerDay: null
}
const lane = (model: 'push' | 'pull', requests: number | null, mean: number): FrontierLane =>
  ({
    key: model,
    colour: '#123456',
    dash: [],
    report: {
      name: model,
      model,
      stream: 'updates',
      intervalMs: model === 'pull' ? 5000 : null,
      updates: { generated: 100, delivered: 50 },
      latencyMs: { mean },
      ageMs: { mean: 7000 },
      exchanges: { requests },
      bytes: { perUpdate: 300 }
    }
  }) as unknown as FrontierLane

function picture(axes: FrontierAxes, lanes: readonly FrontierLane[], speed = 1) {
  const situation = situationOf(facts, settings, gaps)
  const advice = decide(facts, settings, gaps)
  return frontierPicture(advice, {
    curve: { points: advice.frontier, at: interval => pointOf(situation, interval) },
    axes,
    settings,
    lanes: measuredLanes(lanes, { stream: 'updates', speed }, gaps, settings, axes),
    pointed: null,
    ticks: { x: 5, y: 5 },
    numbers: numberTexts('en-US'),
    colours: { curve: '#000000', target: '#00ff00' },
    texts: { advised: interval => `every ${interval}`, target: 'target', budget: 'budget' },
    named: true
  })
}

describe('the picture of every polling interval', () => {
  const requests: FrontierAxes = { cost: 'requests', fresh: 'latency' }

  it('draws cost a day of all clients against mean latency, soon above', () => {
    const { at, lines, y } = picture(requests, [])
    assert.equal(y.reversed, true)
    const [values = []] = lines.map(line => line.values)
    for (const [place, cost] of at.entries()) {
      const interval = (10 * 86_400_000) / cost
      assert.ok(Math.abs((values[place] ?? 0) / (interval / 2 + 20) - 1) < 1e-3)
    }
    assert.deepEqual(
      [...at].sort((one, other) => one - other),
      at
    )
  })

  it('shades what meets the target, and draws the budget', () => {
    const { regions, overlays, y } = picture(requests, [])
    // T ≤ (2020 − 20)/0.5 = 4 s: a mean of 2020 ms
    assert.deepEqual(
      regions?.map(region => region.y),
      [[y.min, 2020]]
    )
    const budget = overlays.find(({ label }) => label === 'budget')
    assert.equal(budget?.points[0]?.[0], 5 * 86_400)
  })

  it('marks measured lanes in real time with the planned clients: push asks nothing, and lies at the edge', () => {
    const { marks, x } = picture(requests, [lane('push', null, 3), lane('pull', 200, 2500)])
    const [push, pull] = marks
    assert.deepEqual([push?.shape, push?.x, push?.y], ['square', x.min, 3])
    // 2 requests for each of 8640 updates a day, of 10 clients
    assert.deepEqual([pull?.shape, pull?.x, pull?.y], ['disc', 172_800, 2500])
    const [faster] = picture(requests, [lane('pull', 200, 25)], 100).marks
    assert.deepEqual([faster?.x, faster?.y], [1728, 2500])
  })

  it('shows bytes and age instead', () => {
    const { marks } = picture({ cost: 'bytes', fresh: 'age' }, [lane('pull', 200, 2500)])
    // 300 bytes for half of the updates
    assert.deepEqual([marks[0]?.x, marks[0]?.y], [150 * 8640 * 10, 7000])
  })

  it('finds the interval again that is pointed at', () => {
    const { frontier } = decide(facts, settings, gaps)
    assert.equal(intervalAt(frontier, (10 * 86_400_000) / 5000, 'requests'), 5000)
    assert.equal(intervalAt(frontier, 1e12, 'requests'), null)
  })
})
