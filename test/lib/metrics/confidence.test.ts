import assert from 'node:assert/strict'
import { exponential, seededRandom } from '../../../lib/workload/random.js'
import { noTotals, pollSettings } from './simulation.js'
import { pull, workbench } from './workbench.js'

describe('the confidence of a lane’s figures', () => {
  const INTERVAL = 1000
  /** Push after 5 ms, and latest-value polling once a second, of 600 updates. */
  function measured() {
    const bench = workbench()
    const random = seededRandom(7)
    let at = 0
    let poll = INTERVAL
    for (let sequence = 1; sequence <= 600; sequence += 1) {
      const before = at
      at += exponential(500, random)
      for (; poll < at; poll += INTERVAL)
        if (sequence > 1 && before > poll - INTERVAL)
          bench.deliver(bench.update(sequence - 1, before), poll, {
            ...pull,
            settings: pollSettings(INTERVAL, 'latest'),
            totals: noTotals
          })
      const update = bench.generate(sequence, at)
      bench.deliver(update, at + 5 * random())
      at = Math.max(at, bench.clock.now() - bench.metrics.report().startedAt)
    }
    return bench
  }

  it('comes with every distribution, and holds the truth', () => {
    const { lane, metrics } = measured()
    const [pushed, polled] = [lane('push'), lane('poll')]
    const { mean, p50, p99 } = polled.latencyMs?.ci95 ?? {}
    assert.ok(mean && p50 && p99)
    for (const [[low, high], truth] of [
      [mean, INTERVAL / 2],
      [p50, INTERVAL / 2],
      [p99, 0.99 * INTERVAL]
    ] as const) {
      assert.ok(low < truth && truth < high, `${low} to ${high} hold ${truth}`)
      assert.ok(high - low < INTERVAL / 5)
    }
    for (const figure of [pushed.latencyMs, pushed.latencyDeliveredMs, polled.behindFirstMs])
      assert.ok(figure?.ci95.mean && figure.ci95.mean[0] <= figure.mean && figure.mean <= figure.ci95.mean[1])
    // superseded updates are not in it, so it is another distribution
    assert.ok((polled.latencyDeliveredMs?.ci95.mean?.[1] ?? 1000) < mean[0])
    metrics.reset()
    assert.equal(lane('poll').latencyMs, null)
  })

  it('is null while there is too little for it', () => {
    const { generate, deliver, lane } = workbench()
    for (let sequence = 1; sequence <= 200; sequence += 1) {
      deliver(generate(sequence, sequence * 100), sequence * 100 + (sequence % 7))
      const { ci95 } = lane('push').latencyMs ?? {}
      if (sequence < 16) assert.deepEqual(ci95, { mean: null, p50: null, p99: null })
      if (sequence > 32) assert.ok(ci95?.mean && ci95.p50)
      assert.equal(ci95?.p99, null)
    }
  })
})
