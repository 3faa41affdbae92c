import type { EpochMs, Ms } from '../units.js'
import type { Lane } from './lane.js'
import { FOREIGN_EPOCH, keyOf } from './matching.js'
import type { ReportedDelivery } from './records.js'
import { byOurClock } from './stamp-clock.js'
import type { StreamGroup } from './stream.js'

/**
 * Finds a delivery's place among the updates of its stream name and accounts for it there.
 * @returns the delivery, its times by our clock as far as that is known
 */
export function placeDelivery(
  lane: Lane,
  group: StreamGroup,
  delivery: ReportedDelivery,
  now: EpochMs
): ReportedDelivery {
  const { epoch, sequence } = delivery
  if (epoch !== null && sequence !== null)
    return placeNumbered(lane, group, delivery, { epoch, sequence }, now)
  placeForeign(lane, group, delivery, now)
  return delivery
}

function placeNumbered(
  lane: Lane,
  group: StreamGroup,
  stamped: ReportedDelivery,
  place: { readonly epoch: string; readonly sequence: number },
  now: EpochMs
): ReportedDelivery {
  const stream = group.ofEpoch(place.epoch)
  lane.join(stream)
  lane.matchedBy = 'sequence'
  if (lane.complete) group.foreignOrder.remember(lane.key, place, stamped)
  if (stamped.clock) stream.clock = stamped.clock
  // an origin that is wired in stamps by our clock, whatever host its feed is asked through
  const foreign = stream.origin === null ? stream.clock : null
  const delivery = foreign === null ? stamped : byOurClock(stamped, foreign)
  if (delivery.generatedAt !== null) stream.learn(place, delivery.generatedAt, now)
  const generatedAt = delivery.generatedAt ?? stream.truth.instantOf(place)
  lane.note(generatedAt, false, delivery.zoneMissing ?? false)
  lane.place(place, generatedAt, delivery, now)
  compare(lane, delivery, at => stream.firstPlaced.behindMs(place, at))
  return delivery
}

function placeForeign(lane: Lane, group: StreamGroup, delivery: ReportedDelivery, now: EpochMs): void {
  const zoneMissing = delivery.zoneMissing ?? false
  const place = group.foreignOrder.place(lane.key, lane.complete, delivery)
  if (place === null || place === 'ahead') {
    lane.leaveUnplaced()
    lane.note(delivery.generatedAt, true, zoneMissing)
    lane.ledger.settleUnplaced(delivery)
    const { key } = keyOf(delivery)
    if (place === 'ahead') compare(lane, delivery, () => 0)
    else if (key !== null) compare(lane, delivery, at => group.firstSeen.behindMs(key, at))
    return
  }
  const own = place.epoch === FOREIGN_EPOCH
  const stream = own ? group.foreign : group.ofEpoch(place.epoch)
  lane.join(stream)
  lane.matchedBy = place.matchedBy
  let { generatedAt } = delivery
  if (own && group.foreignOrder.reference === lane.key) {
    if (generatedAt === null) stream.untimed = true
    stream.learn(place, generatedAt ?? delivery.receivedAt, now)
  } else if (!stream.untimed) generatedAt = stream.truth.instantOf(place) ?? generatedAt
  // the reference knows the gaps of its numbers: only what stands alone is foreign
  lane.note(generatedAt, own, zoneMissing)
  lane.place({ epoch: place.epoch, sequence: place.sequence }, generatedAt, delivery, now)
  compare(lane, delivery, at => stream.firstPlaced.behindMs(place, at))
}

/** How long after the first lane this one had it. */
function compare(lane: Lane, delivery: ReportedDelivery, behind: (receivedAt: EpochMs) => Ms | null): void {
  if (delivery.catchUp || delivery.duplicate || delivery.retained) return
  const behindMs = behind(delivery.receivedAt)
  if (behindMs === null || !lane.window.counts(delivery.generatedAt ?? delivery.receivedAt)) return
  lane.behindFirst.record(behindMs)
  lane.behindFirstBatches.record(delivery.receivedAt, behindMs)
}
