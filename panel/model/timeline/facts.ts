import type { EpochMs, Ms } from '../../../lib/units.js'
import type { Tracks } from '../tracks.js'
import { eachFate, heardOf } from './fates.js'
import type { TimelineLane } from './layout.js'
import { since } from './picture.js'
import { markKind } from './polls.js'

/** What a lane did in the time shown, in numbers. */
export interface LaneFacts {
  /** Of the updates generated in that time, those that have arrived. */
  readonly arrived: number
  readonly replaced: number
  readonly lost: number
  /** Latency of what arrived; null when nothing did, or nobody knows. */
  readonly medianMs: Ms | null
  readonly polls: number
  readonly emptyPolls: number
  readonly failedPolls: number
}

/** Updates that were generated in the time shown. */
export function updatesIn(stream: string, tracks: Tracks, from: EpochMs, to: EpochMs): number {
  const updates = tracks.updatesOf(stream)
  return updates.indexFrom(to) - updates.indexFrom(from)
}

/** Counts what a lane made of the updates between two instants; what it caught up with at its start does not count. */
export function laneFacts(lane: TimelineLane, tracks: Tracks, from: EpochMs, to: EpochMs): LaneFacts {
  const heard = heardOf(lane, tracks)
  const latencies: Ms[] = []
  let arrived = 0
  let [replaced, lost] = [0, 0]
  for (const { generated, received, catchUp, duplicate } of since(heard.deliveries, from)) {
    const begun = generated ?? received
    if (catchUp || duplicate || begun < from || begun >= to) continue
    arrived += 1
    if (generated !== null) latencies.push(received - generated)
  }
  eachFate(lane, heard, from, ({ generated }, { kind }) => {
    if (generated >= to) return
    if (kind === 'replaced') replaced += 1
    if (kind === 'lost') lost += 1
  })
  let [polls, emptyPolls, failedPolls] = [0, 0, 0]
  for (const { outcome, ended } of tracks.exchangesOf(lane.key)) {
    const kind = markKind(outcome)
    if (kind === null || outcome === 'skipped' || ended < from || ended >= to) continue
    polls += 1
    if (kind === 'empty') emptyPolls += 1
    if (kind === 'failed') failedPolls += 1
  }
  return { arrived, replaced, lost, medianMs: median(latencies), polls, emptyPolls, failedPolls }
}

function median(values: readonly Ms[]): Ms | null {
  const sorted = Float64Array.from(values).sort()
  return sorted[(sorted.length - 1) >>> 1] ?? null
}
