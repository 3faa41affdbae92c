import assert from 'node:assert/strict'
import type { EventPage } from '../../../lib/metrics/event-page.js'
import { Tracks } from '../../../panel/model/tracks.js'

const page = (over: Partial<EventPage>): EventPage => ({
  now: 1000,
  base: 1000,
  last: 1,
  more: 0,
  missed: 0,
  lanes: [['a', 'push', 's']],
  runs: [],
  epochs: [],
  updates: [],
  deliveries: [],
  exchanges: [],
  faults: [],
  ...over
})

describe('gaps of the tracks', () => {
  it('know that nothing is missing when the first answer left nothing out', () => {
    const tracks = new Tracks()
    tracks.add(page({}), 0)
    assert.deepEqual(tracks.gaps, [])
  })

  it('begin before all time when the first answer is not all, and end with its oldest record', () => {
    const tracks = new Tracks()
    tracks.add(page({ missed: 3, deliveries: [[0, null, 'u', -60, -50, 0]] }), 0)
    assert.deepEqual(tracks.gaps, [{ from: Number.NEGATIVE_INFINITY, until: 950 }])
  })

  it('reach from the last answer to the next record when records were forgotten between them', () => {
    const tracks = new Tracks()
    tracks.add(page({}), 0)
    tracks.add(page({ now: 5000, base: 5000, missed: 9, exchanges: [[0, 'empty', -120, -100, 0, 200]] }), 0)
    assert.deepEqual(tracks.gaps, [{ from: 1000, until: 4900 }])
  })

  it('begin with the last record when the last answer was not all that there was', () => {
    const tracks = new Tracks()
    tracks.add(page({ more: 5, deliveries: [[0, null, 'u', -900, -800, 0]] }), 0)
    tracks.add(page({ now: 5000, base: 5000, missed: 9, exchanges: [[0, 'empty', -120, -100, 0, 200]] }), 0)
    assert.deepEqual(tracks.gaps, [{ from: 200, until: 4900 }])
  })

  it('are forgotten when they are older than everything kept', () => {
    const tracks = new Tracks()
    tracks.add(page({ missed: 3 }), 0)
    tracks.add(page({ now: 9000, base: 9000 }), 2000)
    assert.deepEqual(tracks.gaps, [])
  })
})
