import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { DeliveryMetrics } from '../../../lib/metrics/delivery-metrics.js'
import { Lane } from '../../../lib/metrics/lane.js'
import { FakeClock } from '../../helpers/fake-clock.js'
import { deliveryOf, START, updateOf } from './simulation.js'

const MILLIONS = 10

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
/** What is really held: garbage is collected first. */
function heapBytes(): number {
  collect()
  return process.memoryUsage().heapUsed
}

describe('the memory of a metrics node', () => {
  it('is at most 100 kB a lane for all its histograms, whatever falls into them', () => {
    const heldBytes = () => heapBytes() + process.memoryUsage().arrayBuffers
    const before = heldBytes()
    const lanes = Array.from({ length: 50 }, (_, index) => {
      const text = String(index)
      const identity = {
        key: text,
        source: text,
        model: 'push',
        stream: 's',
        name: text,
        read: 'push'
      } as const
      const lane = new Lane(identity, 0, 1000)
      for (let octave = -11; octave < 32; octave += 1)
        for (const value of [2 ** octave, -(2 ** octave)])
          for (const histogram of [
            lane.ledger.latency,
            lane.ledger.latencyDelivered,
            lane.behindFirst,
            lane.scheduleLag,
            lane.gaps
          ])
            histogram.record(value)
      return lane
    })
    const each = (heldBytes() - before) / lanes.length
    assert.ok(each <= 100_000, `a lane takes ${Math.round(each)} bytes`)
  })

  it(`stays as it is over ${MILLIONS} million updates with a stalled lane, and nothing is miscounted`, function () {
    this.timeout(300_000)
    const clock = new FakeClock(START)
    const metrics = new DeliveryMetrics({
      id: 'm',
      name: 'm',
      clock,
      targetMs: 1000,
      targetShare: 0.95,
      warmUpMs: 0,
      isGone: () => false
    })
    const stalled = { source: 'stalled', sourceName: 'stalled' }
    let sum = 0
    let after1 = 0
    for (let sequence = 1; sequence <= MILLIONS * 1e6; sequence += 1) {
      clock.advance(1)
      const update = updateOf(sequence, clock.now())
      metrics.update(update)
      if (sequence % 10 === 0) metrics.delivery(deliveryOf(update, clock.now() + 0.5))
      if (sequence === 1) metrics.delivery(deliveryOf(update, clock.now(), stalled))
      else sum += clock.now()
      if (sequence === 1e6) after1 = heapBytes()
    }
    const grown = heapBytes() - after1
    assert.ok(grown < 4e6, `the heap grew by ${Math.round(grown / 1e6)} MB over nine million updates`)
    const pending = metrics.report().lanes.find(({ name }) => name === 'stalled')?.updates.pending
    assert.equal(pending, MILLIONS * 1e6 - 1)
    assert.ok(JSON.stringify(metrics.report(true)).length < 500_000)
    clock.advance(1)
    const last = updateOf(MILLIONS * 1e6 + 1, clock.now())
    metrics.update(last)
    metrics.delivery(deliveryOf(last, clock.now(), stalled))
    const lane = metrics.report().lanes.find(({ name }) => name === 'stalled')
    const expected = (clock.now() * (MILLIONS * 1e6 - 1) - sum) / (MILLIONS * 1e6 + 1)
    assert.equal(lane?.updates.lost, MILLIONS * 1e6 - 1)
    assert.ok(Math.abs((lane?.latencyMs?.mean ?? 0) / expected - 1) < 1e-4)
    // numbers run evenly from 0 to the whole time: half of it is the median
    assert.ok(Math.abs((lane?.latencyMs?.p50 ?? 0) / (MILLIONS * 5e5) - 1) < 0.02)
    assert.ok(lane?.flags.some(({ code }) => code === 'TRUTH_COARSE'))
  })
})
