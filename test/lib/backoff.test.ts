import assert from 'node:assert/strict'
import { Backoff } from '../../lib/backoff.js'
import { seededRandom } from '../helpers/random.js'

describe('back-off', () => {
  it('doubles its cap from firstMs to maxMs', () => {
    const backoff = new Backoff({ firstMs: 100, maxMs: 1000, random: () => 0.5 })
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map(() => backoff.next()),
      [50, 100, 200, 400, 500, 500]
    )
    assert.equal(backoff.attempts, 6)
  })

  it('starts small again after a success', () => {
    const backoff = new Backoff({ firstMs: 100, random: () => 0.5 })
    backoff.next()
    backoff.next()
    backoff.reset()
    assert.equal(backoff.attempts, 0)
    assert.equal(backoff.next(), 50)
  })

  it('has full jitter: waits are uniform from zero', () => {
    const random = seededRandom(1)
    const waits = Array.from({ length: 10_000 }, () => new Backoff({ firstMs: 100, random }).next())
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    assert.ok(Math.abs(mean - 50) < 1.5, String(mean))
    assert.ok(Math.min(...waits) < 1 && Math.max(...waits) > 99)
  })

  it('never exceeds its bound, however long it fails', () => {
    const backoff = new Backoff({ random: () => 0.999 })
    for (let k = 0; k < 5000; k += 1) {
      const wait = backoff.next()
      assert.ok(wait >= 0 && wait < 30_000)
    }
  })
})
