import assert from 'node:assert/strict'
import type { EventPage } from '../../../../lib/metrics/event-page.js'
import type { LaneReport, Report } from '../../../../lib/metrics/report.js'
import { HeldBefore } from '../../../../panel/model/charts/held-before.js'
import { laneKey } from '../../../../panel/model/lane-key.js'
import { Tracks } from '../../../../panel/model/tracks.js'
import { flagOn, laneReportWith } from '../lane-reports.js'

const page = (now: number, over: Partial<EventPage> = {}): EventPage => ({
  now,
  base: now,
  last: 1,
  more: 0,
  missed: 0,
  lanes: [['a', 'pull', 's']],
  runs: [],
  epochs: [],
  updates: [],
  deliveries: [],
  exchanges: [],
  faults: [],
  ...over
})
const reportAt = (now: number, age: number | null, over: Partial<LaneReport> = {}) =>
  ({
    id: 'm',
    startedAt: 0,
    now,
    lanes: [laneReportWith({ ageMs: { now: age, mean: null, peakMean: null, max: null }, ...over })]
  }) as unknown as Report
const key = laneKey(laneReportWith())
const heldBefore = (before: HeldBefore) => {
  const held = before.of(key)
  return held === null ? null : [held.received, held.generated]
}

describe('what a lane held before anybody looked', () => {
  it('is told by the age in the report, from where records begin', () => {
    const tracks = new Tracks()
    tracks.add(page(100_000, { missed: 50, exchanges: [[0, 'empty', -600, -500, 0, 200]] }), 0)
    tracks.add(page(101_000), 0)
    const before = new HeldBefore()
    before.learn(reportAt(100_500, 20_500), tracks)
    assert.deepEqual(heldBefore(before), [99_500, 80_000])
  })

  it('waits for records as new as the report: a delivery may be on its way', () => {
    const tracks = new Tracks()
    tracks.add(page(100_000), 0)
    const before = new HeldBefore()
    before.learn(reportAt(100_500, 300), tracks)
    assert.equal(heldBefore(before), null)
    tracks.add(page(101_000, { deliveries: [[0, null, 'u', -800, -700, 0]] }), 0)
    before.learn(reportAt(100_500, 300), tracks)
    assert.deepEqual(heldBefore(before), null)
  })

  it('stays known when the next update comes', () => {
    const tracks = new Tracks()
    tracks.add(page(101_000), 0)
    const before = new HeldBefore()
    before.learn(reportAt(100_500, 20_500), tracks)
    tracks.add(page(103_000, { deliveries: [[0, null, 'u', -1200, -1000, 0]] }), 0)
    before.learn(reportAt(102_500, 700), tracks)
    assert.deepEqual(heldBefore(before), [80_000, 80_000])
  })

  it('is not told by a lane that has ended, and is forgotten when figures begin anew', () => {
    const tracks = new Tracks()
    tracks.add(page(101_000), 0)
    const before = new HeldBefore()
    before.learn(reportAt(100_500, 20_500, { flags: [flagOn('LANE_ENDED')] }), tracks)
    assert.equal(heldBefore(before), null)
    before.learn(reportAt(100_600, 20_500), tracks)
    assert.ok(heldBefore(before))
    before.learn({ ...reportAt(100_700, null), startedAt: 100_650 }, tracks)
    assert.equal(heldBefore(before), null)
  })
})
