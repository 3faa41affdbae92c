import type { EpochMs } from '../../../lib/units.js'
import type { GeneratedUpdate, TrackDelivery, TrackExchange, Tracks } from '../tracks.js'
import { eachFate, heardOf } from './fates.js'
import type { Band, StreamGroup, TimelineLane, TimelineLayout } from './layout.js'
import { since } from './picture.js'
import { markCell, markKind } from './polls.js'
import { type TimeScale, xOf } from './scale.js'

/** What the reader points at. */
export type Target =
  | {
      readonly kind: 'update'
      /** Place of the lane; null for the origin's tick. */
      readonly lane: number | null
      readonly stream: string
      readonly update: UpdateName
      /** Where its line ends, or its tick is. */
      readonly at: EpochMs
    }
  | {
      readonly kind: 'poll'
      readonly lane: number
      readonly poll: TrackExchange
      /** Polls that share its mark, itself too. */
      readonly polls: number
      readonly at: EpochMs
    }

/** An update, as much as is known of it. */
export interface UpdateName extends Pick<TrackDelivery, 'epoch' | 'sequence' | 'id' | 'generated'> {}

export const isSameUpdate = (a: UpdateName, b: UpdateName): boolean =>
  a.sequence === null || b.sequence === null
    ? a.sequence === b.sequence && a.id !== null && a.id === b.id
    : a.sequence === b.sequence && (a.epoch ?? '') === (b.epoch ?? '')

/** How far the pointer may be off, px. */
const NEAR = 9

/** What is drawn at a place, nearest first; null where there is nothing. */
export function targetAt(
  lanes: readonly TimelineLane[],
  tracks: Tracks,
  layout: TimelineLayout,
  scale: TimeScale,
  x: number,
  y: number
): Target | null {
  for (const group of layout.groups) {
    if (y >= group.top - 4 && y <= group.bottom + 4) return tickAt(group, tracks, scale, x)
    for (const band of group.bands) {
      const lane = lanes[band.lane]
      if (lane === undefined || y < band.top - 2 || y > band.bottom + NEAR) continue
      return (
        (y >= band.bottom - 7 ? markAt(lane, band, tracks, scale, x) : null) ??
        lineAt(lane, band, tracks, scale, x, y)
      )
    }
  }
  return null
}

function tickAt({ stream }: StreamGroup, tracks: Tracks, scale: TimeScale, x: number): Target | null {
  const best = new Nearest<GeneratedUpdate>()
  for (const update of since(tracks.updatesOf(stream), scale.from))
    best.offer(update, Math.abs(xOf(scale, update.generated) - x))
  return best.item === null
    ? null
    : { kind: 'update', lane: null, stream, update: best.item, at: best.item.generated }
}

function markAt(
  { key }: TimelineLane,
  { lane }: Band,
  tracks: Tracks,
  scale: TimeScale,
  x: number
): Target | null {
  const best = new Nearest<TrackExchange>()
  const counts = new Map<string, number>()
  const nameOf = (poll: TrackExchange) => `${markKind(poll.outcome)} ${markCell(scale, poll)}`
  for (const poll of tracks.exchangesOf(key)) {
    if (markKind(poll.outcome) === null || poll.ended < scale.from) continue
    counts.set(nameOf(poll), (counts.get(nameOf(poll)) ?? 0) + 1)
    best.offer(poll, Math.abs(xOf(scale, poll.ended) - x))
  }
  if (best.item === null) return null
  return {
    kind: 'poll',
    lane,
    poll: best.item,
    polls: counts.get(nameOf(best.item)) ?? 1,
    at: best.item.ended
  }
}

function lineAt(
  lane: TimelineLane,
  band: Band,
  tracks: Tracks,
  scale: TimeScale,
  x: number,
  y: number
): Target | null {
  const best = new Nearest<{ update: UpdateName; at: EpochMs }>()
  const height = band.bottom - band.top
  const offer = (update: UpdateName, from: EpochMs, to: EpochMs, at: EpochMs) => {
    const [left, right] = [xOf(scale, from), xOf(scale, to)]
    const slant = right - left
    const down = Math.min(1, Math.max(0, (y - band.top) / height))
    // distance from the line, not along the row: flat lines are as easy to hit as steep ones
    best.offer({ update, at }, (Math.abs(left + slant * down - x) * height) / Math.hypot(height, slant))
  }
  const heard = heardOf(lane, tracks)
  for (const delivery of since(heard.deliveries, scale.from))
    offer(delivery, delivery.generated ?? delivery.received, delivery.received, delivery.received)
  eachFate(lane, heard, scale.from, (update, fate) => {
    if (fate.kind !== 'replaced') return
    if (xOf(scale, fate.replaced) + NEAR >= x) offer(update, update.generated, fate.received, fate.replaced)
  })
  if (best.item === null) return null
  return { kind: 'update', lane: band.lane, stream: lane.stream, ...best.item }
}

class Nearest<T> {
  item: T | null = null
  #distance = NEAR

  offer(item: T, distance: number): void {
    if (distance >= this.#distance) return
    this.item = item
    this.#distance = distance
  }
}
