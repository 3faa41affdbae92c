import type { Ms, Share } from '../units.js'
import type { Gaps } from './gaps.js'
import type { Prediction } from './prediction.js'

export interface PushRule {
  /** From generation to arrival (d). */
  readonly delayMs: Ms
  /** Updates lost on the way, each for itself. @default 0 */
  readonly lossShare?: Share
}

/**
 * Pushing every update, predicted for any traffic from its gaps (MEASURING: age Σg²/(2S) + d, fresh F(d), versions
 * behind λd). A lost update is made good by the next one that arrives, p/(1 − p) mean gaps later: exact where gaps
 * do not depend on the gaps before them.
 */
export function predictPush(gaps: Gaps, { delayMs, lossShare = 0 }: PushRule): Prediction {
  const missed = lossShare / (1 - lossShare)
  const lateMs = missed * gaps.mean
  return {
    latencyMeanMs: delayMs + lateMs,
    latencyDeliveredMs: delayMs,
    ageMeanMs: gaps.sumSquares / (2 * gaps.total) + lateMs + delayMs,
    freshShare: (1 - lossShare) * gaps.quietShare(delayMs),
    versionsBehind: delayMs / gaps.mean + missed,
    emptyShare: 0,
    supersededShare: 0,
    requestsPerUpdate: 0
  }
}
