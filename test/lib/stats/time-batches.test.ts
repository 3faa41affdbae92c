import assert from 'node:assert/strict'
import fc from 'fast-check'
import { TimeBatches } from '../../../lib/stats/time-batches.js'

const records = fc.array(
  fc.record({
    after: fc.double({ min: 0, max: 5000, noNaN: true }),
    value: fc.double({ min: -1000, max: 1000, noNaN: true }),
    count: fc.integer({ min: 1, max: 5 })
  }),
  { minLength: 64, maxLength: 400 }
)

describe('time batches', () => {
  it('tell the same whenever the run began: neither lengths nor merging depend on the hour', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 0, max: 2 ** 40 }), (made, start) => {
        const [early, late] = [new TimeBatches(), new TimeBatches()]
        let at = 0
        for (const { after, value, count } of made) {
          at += Math.round(after)
          early.record(at, value, count)
          late.record(at + start, value, count)
        }
        assert.deepEqual(early.mean(), late.mean())
      })
    )
  })

  it('grow with the run: one long pause costs as many merges as doublings', () => {
    const batches = new TimeBatches()
    for (let at = 0; at < 1000; at += 1) batches.record(at, at % 2)
    batches.record(1e13, 0.5)
    // all that came before is one batch now
    assert.equal(batches.mean(), null)
    batches.clear()
    for (let at = 0; at < 1000; at += 1) batches.record(1e13 + at, at % 2)
    assert.ok((batches.mean()?.freedom ?? 0) >= 7)
  })

  it('know a mean of constant values exactly', () => {
    const batches = new TimeBatches()
    for (let at = 0; at < 100_000; at += 100) batches.record(at, 7)
    assert.equal(batches.mean()?.standardError, 0)
  })

  it('take no notice of a clock that goes back', () => {
    const batches = new TimeBatches()
    for (const at of [5000, 4000, 6000, 5500]) batches.record(at, 1)
    assert.equal(batches.mean(), null)
  })
})
