import { Recent } from './recent.js'
import type { TimelineLane } from './timeline-layout.js'
import { type DeliveryShapes, deliveryShapes } from './timeline-lines.js'
import { type MissedShapes, missedShapes } from './timeline-missed.js'
import { nextPoll, type PollShapes, pollShapes, type Stretch } from './timeline-polls.js'
import { cellOf, type TimeScale, xOf } from './timeline-scale.js'
import type { TrackDelivery, Tracks } from './tracks.js'

/** All that moves: what is drawn in the bands, and the ticks of the origins. */
export interface TimelinePicture {
  /** In the order of the lanes. */
  readonly lanes: readonly LaneShapes[]
  readonly ticks: ReadonlyMap<string, OriginTicks>
  readonly faults: readonly Stretch[]
}

export interface LaneShapes {
  readonly deliveries: DeliveryShapes
  readonly missed: MissedShapes
  readonly polls: PollShapes
}

export interface OriginTicks {
  readonly places: readonly number[]
  /** So few that a line down from each of them helps. */
  readonly guides: boolean
}

/** Width for which one tick is drawn; a guide needs more room. */
const TICK = 2
const GUIDE = 7

const NONE = new Recent<TrackDelivery>(1, ({ received }) => received)

/** Turns what was heard into shapes at places; as many as there are pixels, however many updates there were. */
export function timelinePicture(
  lanes: readonly TimelineLane[],
  tracks: Tracks,
  scale: TimeScale
): TimelinePicture {
  return {
    lanes: lanes.map(lane => laneShapes(lane, tracks, scale)),
    ticks: new Map([...new Set(lanes.map(({ stream }) => stream))].map(s => [s, ticks(s, tracks, scale)])),
    faults: tracks.faults
      .filter(({ from, until }) => from < scale.end && (until ?? scale.end) > scale.from)
      .map(({ from, until }) => ({ from: xOf(scale, from), to: xOf(scale, until ?? scale.end) }))
  }
}

function laneShapes(lane: TimelineLane, tracks: Tracks, scale: TimeScale): LaneShapes {
  const deliveries = tracks.track(lane.key)?.deliveries ?? NONE
  const exchanges = tracks.exchangesOf(lane.key)
  const next = nextPoll(lane, exchanges, scale.edge)
  return {
    deliveries: deliveryShapes(since(deliveries, scale.from), scale),
    missed: missedShapes(lane, tracks.updatesOf(lane.stream), deliveries, next, scale),
    polls: pollShapes(lane, exchanges, scale)
  }
}

function ticks(stream: string, tracks: Tracks, scale: TimeScale): OriginTicks {
  const places: number[] = []
  let last: number | null = null
  for (const { generated } of since(tracks.updatesOf(stream), scale.from)) {
    if (generated > scale.end) break
    const cell = cellOf(scale, generated, TICK)
    if (cell !== last) places.push(xOf(scale, generated))
    last = cell
  }
  return { places, guides: places.length * GUIDE <= scale.width }
}

/** What came at or after an instant. */
export function* since<T>(items: Recent<T>, from: number): Iterable<T> {
  for (let index = items.indexFrom(from); index < items.length; index += 1) {
    const item = items.at(index)
    if (item !== undefined) yield item
  }
}
