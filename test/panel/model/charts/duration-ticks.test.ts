import assert from 'node:assert/strict'
import {
  linearRange,
  linearTicks,
  logRange,
  logTicks
} from '../../../../panel/model/charts/duration-ticks.js'

const MINUTE = 60_000

describe('numbers on an axis of time', () => {
  it('stand in round steps that include 0', () => {
    assert.deepEqual(linearTicks(0, 1000, 6), [0, 200, 400, 600, 800, 1000])
    assert.deepEqual(linearTicks(0, 0.9, 5), [0, 0.5])
    assert.deepEqual(linearTicks(-30_000, 0, 4), [-30_000, -20_000, -10_000, 0])
  })

  it('count seconds, minutes and hours as people do', () => {
    assert.deepEqual(linearTicks(-120_000, 0, 5), [-120_000, -90_000, -60_000, -30_000, 0])
    assert.deepEqual(
      linearTicks(0, 50 * MINUTE, 6).map(tick => tick / MINUTE),
      [0, 10, 20, 30, 40, 50]
    )
    assert.deepEqual(
      linearTicks(0, 86_400_000, 5).map(tick => tick / 3_600_000),
      [0, 6, 12, 18, 24]
    )
  })

  it('are never more than fit', () => {
    for (const most of [2, 3, 4, 5, 8])
      for (let max = 0.01; max < 1e10; max *= 1.7) {
        const ticks = linearTicks(0, max, most)
        assert.ok(ticks.length <= most, `${ticks.length} of at most ${most} up to ${max}`)
        assert.ok(ticks.length >= 1)
      }
  })

  it('stand at powers of ten up to 10 s on a logarithmic axis, then at minutes and hours', () => {
    assert.deepEqual(logTicks(0.1, 3_600_000, 12), [
      0.1,
      1,
      10,
      100,
      1000,
      10_000,
      MINUTE,
      10 * MINUTE,
      60 * MINUTE
    ])
    assert.deepEqual(logTicks(0.1, 3_600_000, 5), [0.1, 10, 1000, MINUTE, 60 * MINUTE])
  })
})

describe('ends of an axis', () => {
  it('are the first ticks beyond the values', () => {
    assert.deepEqual(linearRange(0, 6400, 5), [0, 8000])
    assert.deepEqual(linearRange(0, 8000, 5), [0, 8000])
    assert.deepEqual(linearRange(0, 8001, 5), [0, 10_000])
    assert.deepEqual(linearRange(-30, 900, 5), [-50, 1000])
    assert.deepEqual(linearRange(-900, -30, 5), [-1000, 0])
    assert.deepEqual(linearRange(0, 0, 3), [0, 0.0005])
  })

  it('carry a number, and no more numbers are there than fit', () => {
    for (const most of [3, 4, 5, 8])
      for (let value = 0.02; value < 1e10; value *= 1.9) {
        const [min, max] = linearRange(0, value, most)
        const ticks = linearTicks(min, max, most)
        assert.deepEqual([ticks[0], ticks.at(-1), ticks.length <= most], [min, max, true], `${value} ${most}`)
      }
  })

  it('lie around the values on a logarithmic axis', () => {
    assert.deepEqual(logRange(0.7, 2400), [0.5, 5000])
    assert.deepEqual(logRange(1, 1), [0.5, 2])
  })
})
