import assert from 'node:assert/strict'
import fc from 'fast-check'
import { SequenceTracker } from '../../../lib/push/sequence.js'
import { newEpoch } from '../../../lib/update/identity.js'

const SINCE = Date.UTC(2026, 0, 1)
const older = newEpoch(SINCE - 60_000, () => 0.5)
const newer = newEpoch(SINCE + 60_000, () => 0.5)

describe('the numbers of a stream', () => {
  it('prove nothing missed before the subscription began', () => {
    const tracker = new SequenceTracker()
    assert.equal(tracker.record('s', older, 500, SINCE).missed, 0)
    assert.deepEqual(tracker.record('s', older, 499, SINCE), {
      duplicate: false,
      outOfOrder: true,
      missed: 0,
      filled: false
    })
  })

  it('prove the first updates of a new epoch missed when it began under the subscription', () => {
    const tracker = new SequenceTracker()
    tracker.record('s', older, 7, SINCE)
    assert.equal(tracker.record('s', newer, 1, SINCE).missed, 0)
    assert.equal(new SequenceTracker().record('s', newer, 4, SINCE).missed, 3)
  })

  it('keep an older epoch apart: its last update may come late', () => {
    const tracker = new SequenceTracker()
    tracker.record('s', older, 7, SINCE)
    tracker.record('s', newer, 1, SINCE)
    assert.deepEqual(tracker.record('s', older, 8, SINCE), {
      duplicate: false,
      outOfOrder: false,
      missed: 0,
      filled: false
    })
    assert.equal(tracker.record('s', older, 7, SINCE).duplicate, true)
  })

  it('keep streams apart', () => {
    const tracker = new SequenceTracker()
    tracker.record('a', older, 1, SINCE)
    assert.equal(tracker.record('b', older, 1, SINCE).duplicate, false)
  })

  it('count nothing between two subscriptions, but still know what was held before', () => {
    const tracker = new SequenceTracker()
    tracker.record('s', older, 7, SINCE)
    tracker.restart()
    assert.equal(tracker.record('s', older, 7, SINCE).duplicate, true)
    tracker.restart()
    assert.equal(tracker.record('s', older, 20, SINCE).missed, 0)
    assert.equal(tracker.record('s', older, 22, SINCE).missed, 1)
  })

  it('add up whatever order they come in: held = distinct, missed − filled = what is not there', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 }), numbers => {
        const tracker = new SequenceTracker()
        let missed = 0
        let held = 0
        for (const n of numbers) {
          const arrival = tracker.record('s', newer, n, SINCE)
          missed += arrival.missed - (arrival.filled ? 1 : 0)
          held += arrival.duplicate ? 0 : 1
        }
        const distinct = new Set(numbers).size
        assert.equal(held, distinct)
        assert.equal(missed, Math.max(...numbers) - distinct)
      })
    )
  })

  it('take bounded memory: the oldest hole and the stream silent longest are forgotten', () => {
    const tracker = new SequenceTracker()
    for (let n = 1; n < 20_000; n += 2) tracker.record('s', newer, n, SINCE)
    assert.equal(tracker.record('s', newer, 19_998, SINCE).outOfOrder, true)
    assert.equal(tracker.record('s', newer, 2, SINCE).outOfOrder, false)
    for (let n = 0; n < 1000; n += 1) tracker.record(`s/${n}`, newer, 1, SINCE)
    assert.equal(tracker.record('s/999', newer, 1, SINCE).duplicate, true)
    assert.equal(tracker.record('s', newer, 19_999, SINCE).duplicate, false)
  })
})
