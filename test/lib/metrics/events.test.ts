import assert from 'node:assert/strict'
import { EventRing } from '../../../lib/metrics/events.js'
import { workbench } from './workbench.js'

const NOW = 1_700_000_000_000.25

const fault = (from: number) => ({ fault: 'outage', target: null, from, until: null })

describe('the events of the timeline', () => {
  it('come as rows with instants after the base, and name what repeats once', () => {
    const bench = workbench()
    const update = bench.generate(1, 100)
    bench.deliver(update, 101.234)
    bench.deliver(bench.generate(2, 200), 203)
    const page = bench.metrics.eventsAfter(0)
    const at = (ms: number) => page.base + ms
    const [lane] = page.lanes
    assert.equal(page.lanes.length, 1)
    assert.deepEqual(lane?.[2], update.stream)
    assert.deepEqual(page.runs, [[update.stream, update.origin, update.epoch]])
    assert.deepEqual(page.epochs, [update.epoch])
    assert.deepEqual(
      page.updates.map(([run, sequence, generated]) => [run, sequence, Math.round(at(generated))]),
      [
        [0, 1, Math.round(update.generatedAt)],
        [0, 2, Math.round(update.generatedAt + 100)]
      ]
    )
    const [first, second] = page.deliveries
    assert.deepEqual(first?.slice(0, 3), [0, 0, 1])
    assert.equal(Number(((first?.[4] ?? 0) - (first?.[3] ?? 0)).toFixed(2)), 1.23)
    assert.deepEqual(second?.slice(0, 3), [0, 0, 2])
    assert.deepEqual([page.last, page.more, page.missed], [4, 0, 0])
  })

  it('are asked for from where one left off, page by page', () => {
    const ring = new EventRing()
    for (let n = 1; n <= 1500; n += 1) ring.push('fault', fault(NOW + n))
    const page = ring.after(100, NOW)
    assert.deepEqual([page.last, page.more, page.missed, page.faults.length], [800, 700, 0, 700])
    const next = ring.after(page.last, NOW)
    assert.deepEqual([next.last, next.more, next.missed], [1500, 0, 0])
    assert.equal(next.base + (next.faults[0]?.[2] ?? 0), NOW + 801)
    assert.deepEqual(ring.after(1500, NOW).faults, [])
  })

  it('begin with the newest, and again after a restart of the ring', () => {
    const ring = new EventRing()
    for (let n = 1; n <= 900; n += 1) ring.push('fault', fault(NOW + n))
    for (const after of [0, 5000]) {
      const page = ring.after(after, NOW)
      assert.deepEqual([page.last, page.missed, page.faults.length], [900, 200, 700])
    }
  })

  it('are forgotten beyond 2 000, and counted', () => {
    const ring = new EventRing()
    for (let n = 1; n <= 3025; n += 1) ring.push('fault', fault(n))
    const page = ring.after(45, NOW)
    assert.deepEqual([page.missed, page.last], [980, 1725])
  })
})
