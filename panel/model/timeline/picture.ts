import type { EpochMs } from '../../../lib/units.js'
import type { Recent } from '../recent.js'
import type { Gap, Tracks } from '../tracks.js'
import { heardOf } from './fates.js'
import type { TimelineLane } from './layout.js'
import { type DeliveryShapes, deliveryShapes } from './lines.js'
import { type MissedShapes, missedShapes } from './missed.js'
import { nextPoll, type PollShapes, pollShapes, type Stretch } from './polls.js'
import { cellOf, type TimeScale, xOf } from './scale.js'

/** All that moves: what is drawn in the bands, and the ticks of the origins. */
export interface TimelinePicture {
  /** In the order of the lanes. */
  readonly lanes: readonly LaneShapes[]
  readonly ticks: ReadonlyMap<string, OriginTicks>
  /** Of lanes of which no outages are known; else each lane has its own. */
  readonly faults: readonly Stretch[]
  /** Times in which more happened than could be heard. */
  readonly unheard: readonly Stretch[]
}

export interface LaneShapes {
  readonly deliveries: DeliveryShapes
  readonly missed: MissedShapes
  readonly polls: PollShapes
  /** Without its server, from when it went until it answered again. */
  readonly outages: readonly Stretch[]
}

export interface OriginTicks {
  readonly places: readonly number[]
  /** Those with room for a line down from them: where ticks crowd, the first one. */
  readonly guides: readonly number[]
}

/** Width for which one tick is drawn; a guide needs more room. */
const TICK = 2
const GUIDE = 5

/** Turns what was heard into shapes at places; as many as there are pixels, however many updates there were. */
export function timelinePicture(
  lanes: readonly TimelineLane[],
  tracks: Tracks,
  scale: TimeScale
): TimelinePicture {
  return {
    lanes: lanes.map(lane => laneShapes(lane, tracks, scale)),
    ticks: new Map([...new Set(lanes.map(({ stream }) => stream))].map(s => [s, ticks(s, tracks, scale)])),
    faults: lanes.every(({ outages }) => outages) ? [] : stretches(tracks.faults, scale),
    unheard: stretches([...forgotten(lanes, tracks), ...tracks.gaps], scale)
  }
}

/** What fell out of the tracks, because so much happened after it. */
function forgotten(lanes: readonly TimelineLane[], tracks: Tracks): readonly Gap[] {
  const instants = lanes.flatMap(({ key, stream }) => [
    tracks.updatesOf(stream).forgottenTo ?? Number.NEGATIVE_INFINITY,
    tracks.track(key)?.deliveries.forgottenTo ?? Number.NEGATIVE_INFINITY
  ])
  const until = Math.max(Number.NEGATIVE_INFINITY, ...instants)
  return until === Number.NEGATIVE_INFINITY ? [] : [{ from: Number.NEGATIVE_INFINITY, until }]
}

function stretches(
  times: readonly { readonly from: EpochMs; readonly until: EpochMs | null }[],
  scale: TimeScale
): readonly Stretch[] {
  return times
    .filter(({ from, until }) => from < scale.end && (until ?? scale.end) > scale.from)
    .map(({ from, until }) => ({
      from: xOf(scale, Math.max(from, scale.from)),
      to: xOf(scale, until ?? scale.end)
    }))
}

function laneShapes(lane: TimelineLane, tracks: Tracks, scale: TimeScale): LaneShapes {
  const heard = heardOf(lane, tracks)
  const exchanges = tracks.exchangesOf(lane.key)
  const next = nextPoll(lane, exchanges, scale.edge)
  return {
    deliveries: deliveryShapes(heard.deliveries, scale),
    missed: missedShapes(lane, heard, next, scale),
    polls: pollShapes(lane, exchanges, scale),
    outages: stretches(
      (lane.outages ?? []).map(({ from, back }) => ({ from, until: back })),
      scale
    )
  }
}

function ticks(stream: string, tracks: Tracks, scale: TimeScale): OriginTicks {
  const places: number[] = []
  const guides: number[] = []
  let last: number | null = null
  let before = Number.NEGATIVE_INFINITY
  for (const { generated } of since(tracks.updatesOf(stream), scale.from)) {
    if (generated > scale.end) break
    const x = xOf(scale, generated)
    if (x - before >= GUIDE) guides.push(x)
    before = x
    const cell = cellOf(scale, generated, TICK)
    if (cell !== last) places.push(x)
    last = cell
  }
  return { places, guides }
}

/** What came at or after an instant. */
export function* since<T>(items: Recent<T>, from: number): Iterable<T> {
  for (let index = items.indexFrom(from); index < items.length; index += 1) {
    const item = items.at(index)
    if (item !== undefined) yield item
  }
}
