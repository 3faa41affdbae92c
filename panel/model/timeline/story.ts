import type { EpochMs, Ms } from '../../../lib/units.js'
import type { Tracks } from '../tracks.js'
import { eachFate, heardOf } from './fates.js'
import type { TimelineLane } from './layout.js'
import { isSameUpdate, type UpdateName } from './target.js'

export type Unseen = 'replaced' | 'lost' | 'pending' | 'before' | 'unknown'

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
  | { readonly kind: Unseen }

/** What became of an update in a lane. */
export function chapterOf(lane: TimelineLane, tracks: Tracks, update: UpdateName): Chapter {
  const heard = heardOf(lane, tracks)
  let first: { received: EpochMs; generated: EpochMs | null; catchUp: boolean } | null = null
  let again = 0
  for (const delivery of heard.deliveries) {
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
  let kind: Unseen = 'pending'
  if (lane.since !== null && generated < lane.since) kind = 'before'
  eachFate(lane, heard, generated, (candidate, fate) => {
    if (isSameUpdate(candidate, update)) kind = fate.kind
  })
  return { kind }
}
