import assert from 'node:assert/strict'
import type { EventPage } from '../../../../lib/metrics/event-page.js'
import { heldOver } from '../../../../panel/model/charts/age-held.js'
import { HeldBefore } from '../../../../panel/model/charts/held-before.js'
import { knownAge } from '../../../../panel/model/charts/known-age.js'
import { laneKey } from '../../../../panel/model/lane-key.js'
import { Tracks } from '../../../../panel/model/tracks.js'
import { flagOn, laneReportWith } from '../lane-reports.js'

const page: EventPage = {
  now: 10_000,
  base: 0,
  last: 3,
  more: 0,
  missed: 0,
  lanes: [['a', 'pull', 's']],
  runs: [],
  epochs: [],
  updates: [],
  deliveries: [
    [0, null, 'u', 1000, 2000, 0],
    [0, null, 'v', 3000, 4000, 0]
  ],
  exchanges: [[0, 'empty', 5900, 6000, 0, 304]],
  faults: []
}
const key = laneKey(laneReportWith())
const window = { from: 1500, to: 9000 }

describe('what is known of the age of a lane', () => {
  const tracks = new Tracks()
  tracks.add(page, 0)

  it('goes on to the right edge while the lane lives', () => {
    const held = heldOver(knownAge({ key, report: laneReportWith() }, tracks, new HeldBefore()), window)
    assert.deepEqual(held, { from: [1500, 2000, 4000], generated: [Number.NaN, 1000, 3000] })
  })

  it('ends with the last record of a lane that has ended', () => {
    const report = laneReportWith({ flags: [flagOn('LANE_ENDED')] })
    const held = heldOver(knownAge({ key, report }, tracks, new HeldBefore()), window)
    assert.deepEqual(held, {
      from: [1500, 2000, 4000, 6000],
      generated: [Number.NaN, 1000, 3000, Number.NaN]
    })
  })

  it('is nothing for a lane of which no record is kept', () => {
    const report = laneReportWith({ flags: [flagOn('LANE_ENDED')] })
    const held = heldOver(knownAge({ key: 'other', report }, tracks, new HeldBefore()), window)
    assert.deepEqual(held, { from: [1500], generated: [Number.NaN] })
  })
})
