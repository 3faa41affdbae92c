import assert from 'node:assert/strict'
import { HoldTimes, holdMsOf } from '../../../lib/metrics/hold-times.js'

const lane = { read: 'log', settings: { waitMs: 1500 } } as const

describe('the way of long polls, without the hold', () => {
  it('is half of what an answer takes that was there already', () => {
    const holds = new HoldTimes()
    holds.delivered(90)
    holds.exchange({ outcome: 'updated', startedAt: 100, endedAt: 120 }, lane)
    assert.equal(holds.wayBackMs, 10)
  })

  it('is half of what a poll takes beyond the hold that it waited out', () => {
    const holds = new HoldTimes()
    holds.exchange({ outcome: 'empty', startedAt: 100, endedAt: 1630 }, lane)
    assert.equal(holds.wayBackMs, 15)
    // an answer without a hold, such as the one that tells where the log ends, is no way of this kind
    holds.exchange({ outcome: 'empty', startedAt: 2000, endedAt: 2400 }, lane)
    assert.equal(holds.wayBackMs, 15)
  })

  it('is how long an update was under way that ended a hold, while nothing else is known', () => {
    const holds = new HoldTimes()
    assert.equal(holds.wayBackMs, null)
    holds.delivered(700)
    holds.exchange({ outcome: 'updated', startedAt: 100, endedAt: 707 }, lane)
    assert.equal(holds.wayBackMs, 7)
    // of the poll before
    holds.exchange({ outcome: 'updated', startedAt: 720, endedAt: 900 }, lane)
    assert.equal(holds.wayBackMs, 7)
    holds.delivered(905)
    holds.exchange({ outcome: 'updated', startedAt: 910, endedAt: 922 }, lane)
    assert.equal(holds.wayBackMs, 6)
  })

  it('knows the pauses between an answer and the next request', () => {
    const holds = new HoldTimes()
    for (const startedAt of [0, 130, 260])
      holds.exchange({ outcome: 'empty', startedAt, endedAt: startedAt + 30 }, lane)
    assert.equal(holds.pauseMs, 100)
    holds.clear()
    assert.deepEqual([holds.pauseMs, holds.wayBackMs], [0, null])
  })

  it('keeps nothing of lanes that poll otherwise, nor of ticks on which nothing was sent', () => {
    const holds = new HoldTimes()
    holds.exchange({ outcome: 'skipped', startedAt: 0, endedAt: 0 }, lane)
    for (const startedAt of [0, 100])
      holds.exchange(
        { outcome: 'empty', startedAt, endedAt: startedAt + 30 },
        { read: 'latest', settings: { waitMs: null } }
      )
    assert.deepEqual([holds.pauseMs, holds.wayBackMs], [0, null])
  })

  it('asks for the latest value in whole seconds', () => {
    assert.equal(holdMsOf({ read: 'latest', settings: { waitMs: 1500 } }), 2000)
    assert.equal(holdMsOf(lane), 1500)
    assert.equal(holdMsOf({ read: 'latest', settings: null }), null)
  })
})
