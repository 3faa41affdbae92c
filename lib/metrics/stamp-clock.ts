import type { EpochMs, Ms } from '../units.js'
import type { ClockOffset } from '../update/exchange.js'
import type { Lane } from './lane.js'
import type { ReportedDelivery } from './records.js'

/**
 * What is known of the clock that stamped when a lane's updates were generated, against the one that stamped when
 * they came. A latency is a difference of the two, so it is worth what is known of them:
 * - `own`: one and the same. The origin is wired into this node and the source runs here, or the server that the lane
 *   uses runs where its source does.
 * - `corrected`: of another host that tells its clock by `/clock`. Instants were turned into ours, and are right
 *   within `errorMs`.
 * - `bounded`: of another host, and an answer's `Date` says how far it may be off at most. Nothing was corrected: who
 *   stamped is not known to be who answered.
 * - `origin`, `source`: the one who stamps updates, or receives them, is elsewhere, and nothing is known of its clock.
 */
export type StampClock =
  | { readonly kind: 'own' | 'origin' | 'source' }
  | { readonly kind: 'corrected' | 'bounded'; readonly errorMs: Ms }

/** @param gone - as `LaneContext.gone`: null when the source never was in this runtime */
export function stampClockOf(lane: Lane, gone: boolean | null): StampClock {
  const { home, clock } = lane
  // hand-made lanes are of this runtime: only sources say when their run began
  const isElsewhere = gone === null && lane.run.tellsSince
  if (home !== null && home.origin !== null) return { kind: isElsewhere ? 'source' : 'own' }
  if (home !== null && home.clock !== null) return { kind: 'corrected', errorMs: home.clock.errorMs }
  if (clock?.offsetMs === 0 && clock.errorMs === 0) return { kind: 'own' }
  // a broker of this process takes the updates of any device: only those in our envelope are of an origin beside it
  if (lane.serverBeside && !lane.told.foreign) return { kind: 'own' }
  if (clock !== null) return { kind: 'bounded', errorMs: Math.abs(clock.offsetMs) + clock.errorMs }
  return { kind: 'origin' }
}

/**
 * A delivery as it were had our clock stamped its generation. Latencies are corrected so, and never clipped: what is
 * negative then is a finding, too.
 * @param clock - that stamped it, against ours
 */
export function byOurClock(delivery: ReportedDelivery, { offsetMs }: ClockOffset): ReportedDelivery {
  const { generatedAt, receivedAt, since, sinceKnown } = delivery
  if (generatedAt === null) return delivery
  const instant: EpochMs = generatedAt - offsetMs
  return {
    ...delivery,
    generatedAt: instant,
    latencyMs: receivedAt - instant,
    catchUp: sinceKnown ? instant < since : delivery.catchUp
  }
}
