import type { EpochMs } from '../../../lib/units.js'
import { Recent } from '../recent.js'
import type { Gap, GeneratedUpdate, TrackDelivery, Tracks } from '../tracks.js'
import type { TimelineLane } from './layout.js'

/** What became of an update that did not arrive in a lane. */
export type Fate =
  /** A newer one took its place: `replaced` is when that was generated, `received` when that arrived. */
  | { readonly kind: 'replaced'; readonly replaced: EpochMs; readonly received: EpochMs }
  /** Lanes that read everything: newer ones arrived and it did not. */
  | { readonly kind: 'lost'; readonly received: EpochMs }
  | { readonly kind: 'pending' }
  /** Generated before the lane began, or by another run of the origin: nobody asked for it. */
  | { readonly kind: 'before' }
  /** It may have arrived while more happened than could be heard. */
  | { readonly kind: 'unknown' }

/** What was heard of a lane and of its stream. */
export interface Heard {
  readonly updates: Recent<GeneratedUpdate>
  readonly deliveries: Recent<TrackDelivery>
  /** Times of which records are missing, in order. */
  readonly gaps: readonly Gap[]
}

const NO_DELIVERIES = new Recent<TrackDelivery>(1, ({ received }) => received)

export function heardOf({ key, stream }: Pick<TimelineLane, 'key' | 'stream'>, tracks: Tracks): Heard {
  const deliveries = tracks.track(key)?.deliveries ?? NO_DELIVERIES
  const until = deliveries.forgottenTo
  return {
    updates: tracks.updatesOf(stream),
    deliveries,
    gaps: until === null ? tracks.gaps : [{ from: Number.NEGATIVE_INFINITY, until }, ...tracks.gaps]
  }
}

/** Epochs sort by the start of their run. Both have numbers. */
const order = (
  a: Pick<TrackDelivery, 'epoch' | 'sequence'>,
  b: Pick<TrackDelivery, 'epoch' | 'sequence'>
): number =>
  a.epoch === b.epoch ? (a.sequence ?? 0) - (b.sequence ?? 0) : (a.epoch ?? '') < (b.epoch ?? '') ? -1 : 1

/**
 * Tells of every update from an instant on that did not arrive in a lane what became of it; ends with the newest.
 * Only numbers prove that one is missing, so updates without them are left out.
 */
export function eachFate(
  lane: Pick<TimelineLane, 'read' | 'since'>,
  { updates, deliveries, gaps }: Heard,
  from: EpochMs,
  visit: (update: GeneratedUpdate, fate: Fate) => void
): void {
  const arrivals = inOrder(deliveries, from)
  let next = arrivals.indexFrom(from)
  let gap = 0
  for (let index = updates.indexFrom(from); index < updates.length; index += 1) {
    const update = updates.at(index)
    if (update === undefined || update.sequence === null) continue
    let arrival = arrivals.at(next)
    while (arrival !== undefined && (arrival.sequence === null || order(arrival, update) < 0)) {
      next += 1
      arrival = arrivals.at(next)
    }
    if (arrival?.sequence === update.sequence && arrival.epoch === update.epoch) continue
    while ((gaps[gap]?.until ?? Number.POSITIVE_INFINITY) < update.generated) gap += 1
    const missing = (gaps[gap]?.from ?? Number.POSITIVE_INFINITY) <= (arrival?.received ?? Number.MAX_VALUE)
    visit(
      update,
      fate(lane, update, arrival, missing, () => updates.at(index + 1))
    )
  }
}

function fate(
  { read, since }: Pick<TimelineLane, 'read' | 'since'>,
  update: GeneratedUpdate,
  arrival: TrackDelivery | undefined,
  missing: boolean,
  successor: () => GeneratedUpdate | undefined
): Fate {
  if (since === null || update.generated < since) return { kind: 'before' }
  if (missing) return { kind: 'unknown' }
  if (arrival === undefined) return { kind: 'pending' }
  if (arrival.epoch !== update.epoch) return { kind: 'before' }
  if (read !== 'latest') return { kind: 'lost', received: arrival.received }
  const newer = successor()
  const replaced = newer?.epoch === update.epoch ? newer.generated : arrival.generated
  return { kind: 'replaced', replaced: replaced ?? arrival.received, received: arrival.received }
}

/** Deliveries in the order of their numbers; they mostly come so. */
function inOrder(
  deliveries: Recent<TrackDelivery>,
  from: EpochMs
): Pick<Recent<TrackDelivery>, 'at' | 'indexFrom'> {
  let before: TrackDelivery | undefined
  for (let index = deliveries.indexFrom(from); index < deliveries.length; index += 1) {
    const delivery = deliveries.at(index)
    if (delivery === undefined || delivery.sequence === null) continue
    if (before !== undefined && order(before, delivery) > 0) return sorted(deliveries, from)
    before = delivery
  }
  return deliveries
}

function sorted(
  deliveries: Recent<TrackDelivery>,
  from: EpochMs
): Pick<Recent<TrackDelivery>, 'at' | 'indexFrom'> {
  const found: TrackDelivery[] = []
  for (let index = deliveries.indexFrom(from); index < deliveries.length; index += 1) {
    const delivery = deliveries.at(index)
    if (delivery !== undefined && delivery.sequence !== null) found.push(delivery)
  }
  found.sort((a, b) => order(a, b) || a.received - b.received)
  return { at: index => found[index], indexFrom: () => 0 }
}
