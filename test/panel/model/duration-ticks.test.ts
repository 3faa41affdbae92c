import assert from 'node:assert/strict'
import { linearTicks, logRange, logTicks, roundUp } from '../../../panel/model/duration-ticks.js'

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
  it('are round and at or above the value', () => {
    assert.deepEqual([0.7, 1, 1.04, 11, 26, 950, 1001].map(roundUp), [0.8, 1, 1.5, 15, 30, 1000, 1500])
  })

  it('lie around the values on a logarithmic axis', () => {
    assert.deepEqual(logRange(0.7, 2400), [0.5, 5000])
    assert.deepEqual(logRange(1, 1), [0.5, 2])
  })
})
