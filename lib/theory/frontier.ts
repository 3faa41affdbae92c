import type { Ms, Share } from '../units.js'
import type { FrontierPoint } from './decision.js'
import { DAY_MS, emptyShareAt, hasTraffic, pullCosts, type Situation } from './situation.js'

const SHORTEST_MS: Ms = 10
const POINTS = 50
const DIGITS = 4

/** 10 ms to 1 day in equal steps of the logarithm. */
export const FRONTIER_INTERVALS_MS: readonly Ms[] = Array.from({ length: POINTS }, (_, step) =>
  rounded(SHORTEST_MS * (DAY_MS / SHORTEST_MS) ** (step / (POINTS - 1)))
)

/** P10, for any traffic: latency of polling is uniform on [w, w + T]. */
export function targetShareAt(intervalMs: Ms, targetMs: Ms, wayBackMs: Ms): Share {
  return Math.min(1, Math.max(0, (targetMs - wayBackMs) / intervalMs))
}

/** What every interval of polling would mean for this traffic (U1, U2, U4, U5); empty without traffic. A way back not measured counts as 0. */
export function frontierOf(situation: Situation): FrontierPoint[] {
  return hasTraffic(situation) ? FRONTIER_INTERVALS_MS.map(interval => pointOf(situation, interval)) : []
}

function pointOf(situation: Situation, intervalMs: Ms): FrontierPoint {
  const { gaps, settings, stretch } = situation
  const wayBackMs = situation.wayBackMs ?? 0
  const latencyMeanMs = intervalMs / 2 + wayBackMs
  const emptyShare = emptyShareAt(situation, intervalMs)
  const { requestsPerSecond, bytesPerDay } = pullCosts(situation, intervalMs, emptyShare)
  return {
    intervalMs,
    latencyMeanMs: rounded(latencyMeanMs),
    targetShare: rounded(targetShareAt(intervalMs, settings.target.ms, wayBackMs)),
    ageMeanMs: rounded((stretch * gaps.sumSquares) / (2 * gaps.total) + latencyMeanMs),
    emptyShare: rounded(emptyShare),
    supersededShare: rounded(gaps.shortfall(intervalMs / stretch) / gaps.count),
    requestsPerSecond: rounded(requestsPerSecond),
    bytesPerDay: bytesPerDay === null ? null : rounded(bytesPerDay)
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS))
}
