import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Histogram } from '../../../lib/stats/histogram.js'
import { seededRandom } from '../../helpers/random.js'

const duration = fc.oneof(
  fc.double({ min: 0.001, max: 864_000_000, noNaN: true }),
  fc.double({ min: -864_000_000, max: -0.001, noNaN: true }),
  fc.integer({ min: -5000, max: 5000 }),
  fc.constant(0)
)
const durations = fc.array(duration, { minLength: 1, maxLength: 300 })

const filled = (values: readonly number[]): Histogram => {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram
}

describe('the histogram', () => {
  it('gives every quantile within 1 % of the sorted values', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const sorted = values.toSorted((a, b) => a - b)
        const expected = sorted[Math.max(Math.ceil(q * sorted.length), 1) - 1] ?? Number.NaN
        const found = filled(values).quantile(q)
        assert.ok(Math.abs(found - expected) <= Math.abs(expected) * 0.01, `${found} is not ${expected}`)
      })
    )
  })

  it('keeps count, sum, sum of squares, minimum and maximum exactly', () => {
    const histogram = filled([-2, 0, 0.5, 3, 3])
    assert.deepEqual(
      [histogram.count, histogram.sum, histogram.sumSquares, histogram.min, histogram.max, histogram.mean],
      [5, 4.5, 22.25, -2, 3, 0.9]
    )
  })

  it('comes back whole from its JSON', () => {
    fc.assert(
      fc.property(durations, values => {
        const json = JSON.parse(JSON.stringify(filled(values)))
        assert.deepEqual(Histogram.fromJSON(json).toJSON(), json)
      })
    )
  })

  it('adds two histograms into what one would have counted', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9999, max: 9999 })), durations, (ones, others) => {
        const sum = filled(ones)
        sum.add(filled(others))
        const whole = filled([...ones, ...others]).toJSON()
        assert.deepEqual(sum.toJSON().buckets, whole.buckets)
        assert.deepEqual([sum.count, sum.min, sum.max], [whole.count, whole.min, whole.max])
      })
    )
  })

  it('tells the share at or below a value within one bucket', () => {
    fc.assert(
      fc.property(durations, duration, (values, limit) => {
        const histogram = filled(values)
        const slack = Math.max(Math.abs(limit) / 64, 0.001)
        const share = (bound: number) => values.filter(value => value <= bound).length / values.length
        const found = histogram.shareAtOrBelow(limit)
        assert.ok(found >= share(limit - slack) - 1e-9 && found <= share(limit + slack) + 1e-9)
      })
    )
  })

  it('counts a value many times in one call, beyond 32 bits too', () => {
    const histogram = new Histogram()
    histogram.record(5, 4_000_000_000)
    histogram.record(5, 4_000_000_000)
    histogram.record(7)
    assert.equal(histogram.count, 8_000_000_001)
    assert.deepEqual(
      histogram.toJSON().buckets.map(([, count]) => count),
      [8_000_000_000, 1]
    )
  })

  it('keeps what lies beyond ten days in the last bucket, with an exact maximum', () => {
    const histogram = filled([1, 1e12, 2e12])
    assert.equal(histogram.max, 2e12)
    assert.equal(histogram.quantile(1), 2e12)
    assert.equal(histogram.shareAtOrBelow(10), 1 / 3)
  })

  it('is empty at first and after clear', () => {
    const histogram = filled([1, 2])
    histogram.clear()
    assert.deepEqual(histogram.toJSON(), new Histogram().toJSON())
    assert.ok(Number.isNaN(histogram.quantile(0.5)) && Number.isNaN(histogram.shareAtOrBelow(1)))
  })

  it('refuses JSON that is none of its own', () => {
    const good = filled([1, 2]).toJSON()
    for (const bad of [
      { ...good, scale: 3 },
      { ...good, count: 3 },
      { ...good, buckets: [[1e9, 2]] },
      { ...good, sum: null }
    ])
      assert.throws(() => Histogram.fromJSON(bad as never), { code: 'RECORD_INVALID' })
  })

  it('finds the quantiles of a uniform distribution', () => {
    const random = seededRandom(7)
    const histogram = new Histogram()
    for (let index = 0; index < 20_000; index += 1) histogram.record(random() * 2000)
    for (const q of [0.5, 0.9, 0.99]) assert.ok(Math.abs(histogram.quantile(q) - q * 2000) < 40)
  })
})
