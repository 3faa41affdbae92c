import assert from 'node:assert/strict'
import { AgeMeter } from '../../../lib/stats/age-meter.js'

describe('the age meter', () => {
  it('gives the area under the sawtooth divided by time', () => {
    // held from 10 (age 10), drops at 30 (age 30 → 5), read at 40: area = (10+30)/2·20 + (5+15)/2·10 = 500
    const meter = new AgeMeter()
    assert.equal(meter.record(0, 10), undefined)
    assert.equal(meter.record(25, 30), 30)
    const reading = meter.read(40, null)
    assert.deepEqual(
      [reading.meanMs, reading.nowMs, reading.peakMeanMs, reading.maxMs],
      [500 / 30, 15, 30, 30]
    )
    assert.deepEqual([reading.freshShare, reading.versionsBehind], [null, null])
  })

  it('ignores an update older than the freshest one, yet lets time pass', () => {
    const meter = new AgeMeter()
    meter.record(100, 100)
    assert.equal(meter.record(50, 110), undefined)
    assert.equal(meter.read(120, null).meanMs, 10)
    assert.equal(meter.read(120, null).peakMeanMs, null)
  })

  it('carries the value held into the window and starts the integrals there', () => {
    const meter = new AgeMeter()
    meter.record(0, 10)
    meter.begin(100)
    assert.equal(meter.record(105, 110), 110)
    // 100 → 110 at ages 100 → 110, then 110 → 120 at ages 5 → 15
    assert.equal(meter.read(120, null).meanMs, (105 * 10 + 10 * 10) / 20)
  })

  it('counts nothing before a window that is still to come', () => {
    const meter = new AgeMeter(100)
    meter.record(0, 10)
    meter.record(20, 30)
    const early = meter.read(50, null)
    assert.deepEqual([early.meanMs, early.peakMeanMs, early.seconds, early.nowMs], [null, null, 0, 30])
    assert.equal(meter.read(110, null).meanMs, 85)
  })

  it('knows the share of time in which the newest update was held, and how many were not', () => {
    // held from 0; updates at 10 and 14 come together at 20; one at 30 is still to come at 40
    const meter = new AgeMeter()
    meter.record(0, 0)
    meter.waited(10, 20)
    meter.waited(14, 20)
    meter.stale(10, 20)
    meter.record(14, 20)
    const reading = meter.read(40, { oldestAt: 30, waitedMs: 10 })
    assert.equal(reading.freshShare, 0.5)
    assert.equal(reading.versionsBehind, (10 + 6 + 10) / 40)
  })

  it('counts overlapping staleness once', () => {
    // an update of 10 is still to come when the one of 5 arrives at 20; it arrives at 30
    const meter = new AgeMeter()
    meter.record(0, 0)
    meter.stale(5, 20)
    meter.stale(10, 30)
    assert.equal(meter.read(50, { oldestAt: null, waitedMs: 0 }).freshShare, 0.5)
  })

  it('counts in the window only the part of a wait that lies in it', () => {
    const meter = new AgeMeter()
    meter.record(0, 0)
    meter.begin(100)
    meter.waited(50, 120, 2)
    meter.stale(50, 120)
    const reading = meter.read(200, { oldestAt: null, waitedMs: 0 })
    assert.deepEqual([reading.freshShare, reading.versionsBehind], [0.8, 0.4])
  })

  it('shows a negative age as it is', () => {
    const meter = new AgeMeter()
    meter.record(20, 10)
    assert.equal(meter.read(10, null).nowMs, -10)
    assert.equal(meter.read(20, null).meanMs, -5)
  })
})
