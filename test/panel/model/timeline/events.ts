import type { EventPage } from '../../../../lib/metrics/event-page.js'
import { laneKey } from '../../../../panel/model/lane-key.js'
import type { TimelineLane } from '../../../../panel/model/timeline/layout.js'
import { Tracks } from '../../../../panel/model/tracks.js'

/** All instants of the tests are ms after this one. */
export const BASE = 1_700_000_000_000

/** A page of events by hand: one stream, one epoch, a push lane (0) and a pull lane (1). */
export const page = (rows: Partial<EventPage>): EventPage => ({
  now: BASE + 10_000,
  base: BASE,
  last: 1,
  more: 0,
  missed: 0,
  lanes: [
    ['push-node', 'push', 'updates'],
    ['pull-node', 'pull', 'updates']
  ],
  runs: [['updates', 'origin-node', 'e1']],
  epochs: ['e1'],
  updates: [],
  deliveries: [],
  exchanges: [],
  faults: [],
  ...rows
})

export function tracksOf(rows: Partial<EventPage>): Tracks {
  const tracks = new Tracks()
  tracks.add(page(rows), BASE - 120_000)
  return tracks
}

const keyOf = (source: string, model: 'push' | 'pull') => laneKey({ source, model, stream: 'updates' })

export const PUSH: TimelineLane = {
  key: keyOf('push-node', 'push'),
  stream: 'updates',
  model: 'push',
  read: 'push',
  trigger: null,
  waitMs: null,
  since: BASE
}
export const PULL: TimelineLane = {
  key: keyOf('pull-node', 'pull'),
  stream: 'updates',
  model: 'pull',
  read: 'latest',
  trigger: 'interval',
  waitMs: null,
  since: BASE
}
