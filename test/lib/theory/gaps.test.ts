import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Histogram } from '../../../lib/stats/histogram.js'
import { Gaps } from '../../../lib/theory/gaps.js'

const close = (actual: number, expected: number, within = 1e-9): void =>
  assert.ok(
    Math.abs(actual - expected) <= within * Math.max(1, Math.abs(expected)),
    `expected ${expected}, found ${actual}`
  )
const sum = (values: readonly number[], of: (value: number) => number): number =>
  values.reduce((total, value) => total + of(value), 0)

const gapsOf = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 })
const duration = fc.double({ min: 0.001, max: 2e6, noNaN: true })

describe('the gaps of a stream', () => {
  it('give every sum that the formulas need, as summing them one by one does', () => {
    fc.assert(
      fc.property(gapsOf, duration, (list, u) => {
        const gaps = Gaps.of(list)
        assert.equal(gaps.count, list.length)
        close(
          gaps.total,
          sum(list, g => g)
        )
        close(
          gaps.sumSquares,
          sum(list, g => g * g)
        )
        assert.equal(gaps.shorter(u), list.filter(g => g < u).length)
        close(
          gaps.capped(u),
          sum(list, g => Math.min(g, u))
        )
        close(
          gaps.cappedSquares(u),
          sum(list, g => Math.min(g, u) ** 2)
        )
        const tiny = 1e-9 * Math.max(1, gaps.sumSquares, list.length * u * u)
        assert.ok(Math.abs(gaps.excess(u) - sum(list, g => Math.max(0, g - u))) <= tiny)
        assert.ok(Math.abs(gaps.excessSquares(u) - sum(list, g => Math.max(0, g - u) ** 2)) <= tiny)
        close(
          gaps.shortfall(u),
          sum(list, g => Math.max(0, 1 - g / u))
        )
      })
    )
  })

  it('know the share of quiet instants: all of them at 0, none beyond the longest gap', () => {
    const gaps = Gaps.of([10, 30])
    assert.equal(gaps.quietShare(0), 1)
    assert.equal(gaps.quietShare(10), 0.5)
    assert.equal(gaps.quietShare(30), 0)
    assert.equal(gaps.quietShare(31), 0)
  })

  it('from a histogram are at most 1 % off', () => {
    const list = Array.from({ length: 5000 }, (_, n) => -1000 * Math.log((n + 0.5) / 5000))
    const histogram = new Histogram()
    for (const gap of list) histogram.record(gap)
    const [exact, coarse] = [Gaps.of(list), Gaps.ofHistogram(histogram.toJSON())]
    assert.equal(coarse.count, exact.count)
    close(coarse.total, exact.total, 0.01)
    for (const u of [10, 300, 1000, 2500, 6000]) {
      close(coarse.capped(u), exact.capped(u), 0.01)
      close(coarse.shortfall(u), exact.shortfall(u), 0.01)
      assert.ok(Math.abs(coarse.quietShare(u) - exact.quietShare(u)) < 0.005, `quiet for ${u} ms`)
    }
  })
})
