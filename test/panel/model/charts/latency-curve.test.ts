import assert from 'node:assert/strict'
import { CURVE_AT_MS, curveOf } from '../../../../lib/metrics/curves.js'
import { Histogram } from '../../../../lib/stats/histogram.js'
import { latencyOf, rangeInUse, shareWithin } from '../../../../panel/model/charts/latency-curve.js'

const curve = { at: [1, 10, 100, 1000], shares: [0, 0.2, 0.2, 1] }
const near = (found: number | null, wanted: number) =>
  assert.ok(found !== null && Math.abs(found - wanted) < 1e-9, `${found} instead of ${wanted}`)

describe('a cumulative curve', () => {
  it('is read at and between its places, along the logarithm', () => {
    near(shareWithin(curve, 10), 0.2)
    near(shareWithin(curve, 10 ** 2.5), 0.6)
    near(shareWithin(curve, 0.1), 0)
    near(shareWithin(curve, 5000), 1)
  })

  it('tells where it reaches a share, and nothing where it never does', () => {
    near(latencyOf(curve, 0.1), 10 ** 0.5)
    near(latencyOf(curve, 0.2), 10)
    near(latencyOf(curve, 0.6), 10 ** 2.5)
    assert.equal(latencyOf({ at: [1, 10], shares: [0, 0.4] }, 0.5), null)
    assert.equal(latencyOf({ at: [1, 10], shares: [0.7, 1] }, 0.5), 1)
  })

  it('is the inverse of itself on a curve of real figures', () => {
    const histogram = new Histogram()
    for (let ms = 1; ms <= 2000; ms += 1) histogram.record(ms)
    const real = { at: CURVE_AT_MS, shares: curveOf(histogram) ?? [] }
    for (const share of [0.01, 0.25, 0.5, 0.99]) near(shareWithin(real, latencyOf(real, share) ?? 0), share)
    const median = latencyOf(real, 0.5) ?? 0
    assert.ok(Math.abs(median - 1000) < 20, `${median}`)
  })
})

describe('the range in use', () => {
  const bounds = [0.1, 3_600_000] as const

  it('goes from before the first step of any curve to the end of the last, with room for the target', () => {
    assert.deepEqual(rangeInUse([curve], [], bounds), [1, 1000])
    assert.deepEqual(rangeInUse([curve], [3000], bounds), [1, 5000])
    assert.deepEqual(
      rangeInUse([curve, { at: [1, 10, 100, 1000], shares: [0, 0, 0, 0.5] }], [], bounds),
      [1, 3_600_000]
    )
  })

  it('is never narrower than a decade, and all of it where there is nothing', () => {
    assert.deepEqual(rangeInUse([{ at: [1, 2, 3], shares: [0, 1, 1] }], [], bounds), [1, 10])
    assert.deepEqual(rangeInUse([], [], bounds), [0.1, 3_600_000])
  })

  it('stays within what curves are computed for', () => {
    assert.deepEqual(rangeInUse([{ at: [0.1, 1], shares: [0.5, 1] }], [0.01], bounds), [0.1, 1])
  })
})
