import type { Ms, Share } from '../units.js'
import type { Prediction } from './prediction.js'

/** Polling the latest value at a fixed rate, as MEASURING assumes it: phase independent of the updates. */
export interface ClosedPoll {
  readonly intervalMs: Ms
  readonly wayBackMs: Ms
}

/** Below this, the series is exact to the last digit and the quotient is not. */
const TINY = 1e-4

/** (1 − e⁻ˣ)/x: 1 at 0. */
const decay = (x: number): number => (x < TINY ? 1 - x / 2 + (x * x) / 6 : -Math.expm1(-x) / x)

/**
 * Poisson updates (MEASURING P1–P9).
 * @param ratePerMs - λ; 0 is the limit of no updates
 */
export function pollPoisson(ratePerMs: number, { intervalMs, wayBackMs }: ClosedPoll): Prediction {
  const x = ratePerMs * intervalMs
  const latencyMeanMs = intervalMs / 2 + wayBackMs
  return {
    latencyMeanMs,
    // 1/λ − T/(eˣ − 1) = T (1/2 − x/12 + …)
    latencyDeliveredMs:
      (x < TINY ? intervalMs * (0.5 - x / 12) : 1 / ratePerMs - intervalMs / Math.expm1(x)) + wayBackMs,
    ageMeanMs: 1 / ratePerMs + latencyMeanMs,
    freshShare: Math.exp(-ratePerMs * wayBackMs) * decay(x),
    versionsBehind: ratePerMs * latencyMeanMs,
    emptyShare: Math.exp(-x),
    supersededShare: x < TINY ? x / 2 - (x * x) / 6 : 1 - decay(x),
    requestsPerUpdate: -1 / Math.expm1(-x)
  }
}

/** Updates every `periodMs`, incommensurate with the interval (MEASURING, periodic). */
export function pollPeriodic(periodMs: Ms, { intervalMs, wayBackMs }: ClosedPoll): Prediction {
  const latencyMeanMs = intervalMs / 2 + wayBackMs
  const foundMs = Math.min(intervalMs, periodMs)
  return {
    latencyMeanMs,
    latencyDeliveredMs: foundMs / 2 + wayBackMs,
    ageMeanMs: periodMs / 2 + latencyMeanMs,
    freshShare: quietPeriodic(periodMs, intervalMs, wayBackMs),
    versionsBehind: latencyMeanMs / periodMs,
    emptyShare: Math.max(0, 1 - intervalMs / periodMs),
    supersededShare: intervalMs > 0 ? Math.max(0, 1 - periodMs / intervalMs) : 0,
    requestsPerUpdate: periodMs / foundMs
  }
}

/** The mean of max(0, 1 − u/D) over [w, w + T]. */
function quietPeriodic(periodMs: Ms, intervalMs: Ms, wayBackMs: Ms): Share {
  if (intervalMs === 0) return Math.max(0, 1 - wayBackMs / periodMs)
  const over = (u: Ms): number => Math.max(0, periodMs - u) ** 2
  return (over(wayBackMs) - over(wayBackMs + intervalMs)) / (2 * intervalMs * periodMs)
}

/** The interval of a consumer that sleeps after each answer (MEASURING). */
export const sleepAfterAnswer = (sleepMs: Ms, roundTripMs: Ms): Ms => sleepMs + roundTripMs

/** Mean wait for a poll that is not lost (MEASURING, lost polls). @param lossShare - p, below 1 */
export const waitWithLoss = (intervalMs: Ms, lossShare: Share): Ms =>
  (intervalMs * (1 + lossShare)) / (2 * (1 - lossShare))

/** Mean age of pushed Poisson updates (MEASURING, push). */
export const pushAgePoisson = (ratePerMs: number, delayMs: Ms, lossShare: Share = 0): Ms =>
  1 / (ratePerMs * (1 - lossShare)) + delayMs

/** Mean age of pushed periodic updates (MEASURING, push). */
export const pushAgePeriodic = (periodMs: Ms, delayMs: Ms, lossShare: Share = 0): Ms =>
  waitWithLoss(periodMs, lossShare) + delayMs

/** Long polling of Poisson updates: G from answer to next request at the server, H the hold. */
export interface ClosedLongPoll {
  readonly turnMs: Ms
  readonly holdMs: Ms
  readonly wayBackMs: Ms
}

/** What MEASURING says of long polling. @param ratePerMs - λ; 0 is the limit of no updates */
export function longPollPoisson(ratePerMs: number, { turnMs, holdMs, wayBackMs }: ClosedLongPoll) {
  const [turn, hold] = [ratePerMs * turnMs, ratePerMs * holdMs]
  const found = turn - Math.exp(-turn) * Math.expm1(-hold)
  // both λG²/2 and den go to 0 with λ: their quotient to G²/(2(G + H))
  const lateMs = found > 0 ? (turn * turnMs) / 2 / found : turnMs ** 2 / (2 * (turnMs + holdMs))
  const emptyShare = Math.exp(-turn - hold)
  return {
    latencyMeanMs: wayBackMs + (turnMs > 0 ? lateMs : 0),
    emptyShare,
    /** Reading the log. */
    requestsPerGenerated: 1 / found,
    /** Reading the latest value. */
    requestsPerDelivered: -1 / Math.expm1(-turn - hold)
  } as const
}
