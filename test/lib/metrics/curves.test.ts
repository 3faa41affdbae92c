import assert from 'node:assert/strict'
import { CURVE_AT_MS, curveOf } from '../../../lib/metrics/curves.js'
import { Histogram } from '../../../lib/stats/histogram.js'

describe('the curves of latency', () => {
  it('go from 0.1 ms to 1 h in equal steps of the logarithm', () => {
    assert.equal(CURVE_AT_MS[0], 0.1)
    const last = CURVE_AT_MS.at(-1) ?? 0
    assert.ok(last >= 3_600_000 && last < 4_000_000, String(last))
    for (const [step, ms] of CURVE_AT_MS.entries())
      if (step > 0) assert.ok(Math.abs(ms / (CURVE_AT_MS[step - 1] ?? 1) - 10 ** (1 / 24)) < 0.002)
  })

  it('say for each instant the share that was there by then', () => {
    const histogram = new Histogram()
    for (const ms of [-5, 0, 1, 3, 50, 50, 700, 9000, 9000, 1e7]) histogram.record(ms)
    const curve = curveOf(histogram) ?? []
    for (const [step, ms] of CURVE_AT_MS.entries())
      assert.ok(Math.abs((curve[step] ?? 2) - histogram.shareAtOrBelow(ms)) <= 1e-4, `at ${ms} ms`)
    assert.equal(curve[0], 0.2)
    assert.equal(curve.at(-1), 0.9)
  })

  it('are not there before the first value', () => {
    assert.equal(curveOf(new Histogram()), null)
  })
})
