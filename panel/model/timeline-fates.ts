import type { EpochMs } from '../../lib/units.js'
import { Recent } from './recent.js'
import type { TimelineLane } from './timeline-layout.js'
import type { Gap, GeneratedUpdate, TrackDelivery, Tracks } from './tracks.js'

/** What became of an update in a lane. */
export type Fate =
  | { readonly kind: 'arrived'; readonly received: EpochMs }
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

export const heardOf = ({ key, stream }: Pick<TimelineLane, 'key' | 'stream'>, tracks: Tracks): Heard => ({
  updates: tracks.updatesOf(stream),
  deliveries: tracks.track(key)?.deliveries ?? NO_DELIVERIES,
  gaps: tracks.gaps
})

type Numbered = TrackDelivery & { readonly epoch: string; readonly sequence: number }

/** Epochs sort by the start of their run. */
const order = (a: { epoch: string; sequence: number }, b: { epoch: string; sequence: number }): number =>
  a.epoch === b.epoch ? a.sequence - b.sequence : a.epoch < b.epoch ? -1 : 1

/**
 * Tells, update by update from an instant on, what became of it in a lane; ends with the newest. Only numbers prove
 * that one is missing, so updates without them are left out.
 */
export function eachFate(
  lane: Pick<TimelineLane, 'read' | 'since'>,
  { updates, deliveries, gaps }: Heard,
  from: EpochMs,
  visit: (update: GeneratedUpdate, fate: Fate) => void
): void {
  const arrivals = numbered(deliveries, from)
  let [next, gap] = [0, 0]
  for (let index = updates.indexFrom(from); index < updates.length; index += 1) {
    const update = updates.at(index)
    if (update === undefined || update.sequence === null) continue
    const own = { epoch: update.epoch, sequence: update.sequence }
    let arrival = arrivals[next]
    while (arrival !== undefined && order(arrival, own) < 0) {
      next += 1
      arrival = arrivals[next]
    }
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
  arrival: Numbered | undefined,
  missing: boolean,
  successor: () => GeneratedUpdate | undefined
): Fate {
  if (arrival?.epoch === update.epoch && arrival.sequence === update.sequence)
    return { kind: 'arrived', received: arrival.received }
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
function numbered(deliveries: Recent<TrackDelivery>, from: EpochMs): readonly Numbered[] {
  const found: Numbered[] = []
  let sorted = true
  for (let index = deliveries.indexFrom(from); index < deliveries.length; index += 1) {
    const delivery = deliveries.at(index)
    if (delivery === undefined || !isNumbered(delivery)) continue
    const before = found.at(-1)
    if (before !== undefined && order(before, delivery) > 0) sorted = false
    found.push(delivery)
  }
  return sorted ? found : found.sort((a, b) => order(a, b) || a.received - b.received)
}

const isNumbered = (delivery: TrackDelivery): delivery is Numbered =>
  delivery.epoch !== null && delivery.sequence !== null
