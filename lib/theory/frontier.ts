import type { Ms } from '../units.js'
import type { FrontierPoint } from './decision.js'
import { pollShareWithin, predictPoll } from './poll.js'
import { DAY_MS, hasTraffic, pullCosts, type Situation } from './situation.js'
import { recordedEnough } from './verdict.js'

const SHORTEST_MS: Ms = 10
const POINTS = 50
const DIGITS = 4

/** 10 ms to 1 day in equal steps of the logarithm. */
export const FRONTIER_INTERVALS_MS: readonly Ms[] = Array.from({ length: POINTS }, (_, step) =>
  rounded(SHORTEST_MS * (DAY_MS / SHORTEST_MS) ** (step / (POINTS - 1)))
)

/** What every interval of polling would mean for this traffic (U1, U2, U4, U5); empty without traffic. A way back not measured counts as 0. */
export function frontierOf(situation: Situation): FrontierPoint[] {
  return hasTraffic(situation) ? FRONTIER_INTERVALS_MS.map(interval => pointOf(situation, interval)) : []
}

/** What polling at one interval would mean. */
export function pointOf(situation: Situation, intervalMs: Ms): FrontierPoint {
  const { gaps, settings, stretch } = situation
  const wayBackMs = situation.wayBackMs ?? 0
  // the gaps are as recorded, all other times are real
  const recorded = predictPoll(gaps, {
    intervalMs: intervalMs / stretch,
    wayBackMs: wayBackMs / stretch,
    read: 'latest'
  })
  const { requestsPerSecond, bytesPerDay } = pullCosts(situation, intervalMs, recorded.emptyShare)
  return {
    intervalMs,
    latencyMeanMs: rounded(intervalMs / 2 + wayBackMs),
    targetShare: rounded(pollShareWithin(settings.target.ms, { intervalMs, wayBackMs, read: 'latest' })),
    ageMeanMs: rounded(recorded.ageMeanMs * stretch),
    emptyShare: rounded(recorded.emptyShare),
    supersededShare: rounded(recorded.supersededShare),
    requestsPerSecond: rounded(requestsPerSecond),
    bytesPerDay: bytesPerDay === null ? null : rounded(bytesPerDay),
    ...(intervalMs > recordedEnough(situation) ? { uncertain: true } : {})
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS))
}
