import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Place, TruthRing } from '../../../lib/metrics/truth.js'

const place = (sequence: number, epoch = 'a'): Place => ({ epoch, sequence })
type Seen = [at: number, count: number, first: number, assumed: boolean]
function seen(ring: TruthRing, held: Place | null, until: Place | null): Seen[] {
  const list: Seen[] = []
  ring.visit(held, until, (at, count, { first, assumed }) => list.push([at, count, first, assumed]))
  return list
}

describe('the truth ring', () => {
  it('visits what lies between the update held and the one that came', () => {
    const ring = new TruthRing()
    for (let sequence = 1; sequence <= 5; sequence += 1) ring.learn(place(sequence), sequence * 10)
    assert.deepEqual(seen(ring, place(1), place(4)), [
      [20, 1, 2, false],
      [30, 1, 3, false]
    ])
    assert.deepEqual(seen(ring, place(5), null), [])
    assert.equal(seen(ring, null, null).length, 5)
  })

  it('tells the gap to the direct predecessor only, never over two epochs', () => {
    const ring = new TruthRing()
    assert.equal(ring.learn(place(1), 10), null)
    assert.equal(ring.learn(place(2), 25), 10)
    assert.equal(ring.learn(place(5), 40), null)
    assert.equal(ring.learn(place(1, 'b'), 50), null)
    assert.equal(ring.learn(place(2, 'b'), 60), 50)
  })

  it('straight-lines numbers that were jumped over until they are learned', () => {
    const ring = new TruthRing()
    ring.learn(place(1), 0)
    ring.learn(place(5), 40)
    assert.deepEqual(seen(ring, place(1), place(5)), [
      [10, 1, 2, true],
      [20, 1, 3, true],
      [30, 1, 4, true]
    ])
    assert.equal(ring.hasAssumed(place(1), place(5)), true)
    ring.learn(place(3), 33)
    assert.deepEqual(seen(ring, place(1), place(5)), [
      [10, 1, 2, true],
      [33, 1, 3, false],
      [30, 1, 4, true]
    ])
    ring.learn(place(2), 5)
    ring.learn(place(4), 35)
    assert.equal(ring.hasAssumed(place(1), place(5)), false)
    assert.equal(ring.instantOf(place(2)), 5)
  })

  it('takes updates of an epoch that come before the first one seen of it', () => {
    const ring = new TruthRing()
    ring.learn(place(7), 0)
    ring.learn(place(2, 'b'), 20)
    ring.learn(place(1, 'b'), 10)
    assert.deepEqual(seen(ring, place(7), place(2, 'b')), [[10, 1, 1, false]])
  })

  it('knows every update once, whatever the order in which it learns them', () => {
    const shuffled = fc.shuffledSubarray(
      Array.from({ length: 30 }, (_, index) => index + 1),
      { minLength: 30 }
    )
    fc.assert(
      fc.property(shuffled, order => {
        const ring = new TruthRing()
        ring.learn(place(0), 0)
        for (const sequence of order) ring.learn(place(sequence), sequence * 10)
        const expected = Array.from({ length: 30 }, (_, index) => [(index + 1) * 10, 1, index + 1, false])
        assert.deepEqual(seen(ring, place(0), null), expected)
      })
    )
  })

  it('merges the oldest when a lane stalls, and keeps counts and mean times', () => {
    const ring = new TruthRing(() => place(0), 1000)
    let sum = 0
    for (let sequence = 1; sequence <= 50_000; sequence += 1) {
      const at = sequence * 10 + (sequence % 7)
      sum += at
      ring.learn(place(sequence), at)
      assert.ok(ring.size <= 1000)
    }
    let count = 0
    let found = 0
    ring.visit(place(0), null, (at, updates) => {
      count += updates
      found += at * updates
    })
    assert.equal(count, 50_000)
    assert.ok(Math.abs(found / sum - 1) < 1e-6)
  })

  it('drops what all lanes have passed, but for what a late lane may need', () => {
    let slowest = place(0)
    const ring = new TruthRing(() => slowest, 1000)
    for (let sequence = 1; sequence <= 5000; sequence += 1) {
      ring.learn(place(sequence), sequence)
      slowest = place(sequence - 3)
    }
    let coarse = 0
    ring.visit(null, null, (_at, _count, run) => {
      coarse += run.coarse ? 1 : 0
    })
    assert.ok(ring.size >= 500 && ring.size <= 1000)
    assert.equal(coarse, 0)
  })
})
