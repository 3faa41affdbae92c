import assert from 'node:assert/strict'
import fc from 'fast-check'
import { payloads } from '../../../lib/workload/payload.js'

describe('workload payload', () => {
  it('is exactly as long as asked, or has no pad when that is too small', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 2 ** 32 }), (bytes, seed) => {
        const next = payloads(bytes, seed)
        for (let k = 1; k <= 30; k += 1) {
          const payload = next()
          assert.equal(payload.n, k)
          const length = Buffer.byteLength(JSON.stringify(payload))
          if (payload.pad === '') assert.ok(length >= bytes)
          else assert.equal(length, bytes)
        }
      }),
      { numRuns: 100, seed: 5 }
    )
  })

  it('walks at random in steps of at most 0.5, the same for the same seed', () => {
    const walk = (seed: number) => {
      const next = payloads(64, seed)
      return Array.from({ length: 1000 }, () => next().value)
    }
    const values = walk(3)
    assert.deepEqual(walk(3), values)
    assert.notDeepEqual(walk(4), values)
    let before = 0
    for (const value of values) {
      assert.ok(Math.abs(value - before) <= 0.5001)
      assert.ok(!Object.is(value, -0))
      before = value
    }
    assert.ok(Math.max(...values) - Math.min(...values) > 2, 'it gets somewhere')
  })
})
