import type { EpochMs, Ms } from '../../lib/units.js'
import { eachFate } from './timeline-fates.js'
import type { TimelineLane } from './timeline-layout.js'
import { isSameUpdate, type UpdateName } from './timeline-target.js'
import type { Tracks } from './tracks.js'

/** What became of one update in one lane, for the tooltip. */
export type Chapter =
  | {
      readonly kind: 'arrived'
      readonly received: EpochMs
      /** Null without an instant of generation. */
      readonly latencyMs: Ms | null
      readonly catchUp: boolean
      /** Times that it arrived again. */
      readonly again: number
    }
  | { readonly kind: 'replaced' | 'lost' | 'pending' | 'before' }

/** What became of an update in a lane. */
export function chapterOf(lane: TimelineLane, tracks: Tracks, update: UpdateName): Chapter {
  const deliveries = tracks.track(lane.key)?.deliveries
  if (deliveries === undefined) return { kind: 'pending' }
  let first: { received: EpochMs; generated: EpochMs | null; catchUp: boolean } | null = null
  let again = 0
  for (const delivery of deliveries) {
    if (!isSameUpdate(delivery, update)) continue
    if (first === null) first = delivery
    else again += 1
  }
  if (first !== null)
    return {
      kind: 'arrived',
      received: first.received,
      latencyMs: first.generated === null ? null : first.received - first.generated,
      catchUp: first.catchUp,
      again
    }
  const { generated } = update
  if (generated === null) return { kind: 'pending' }
  let kind: 'replaced' | 'lost' | 'pending' | 'before' = 'pending'
  if (lane.since !== null && generated < lane.since) kind = 'before'
  eachFate(lane, tracks.updatesOf(lane.stream), deliveries, generated, (candidate, fate) => {
    if (isSameUpdate(candidate, update) && fate.kind !== 'arrived') kind = fate.kind
  })
  return { kind }
}
