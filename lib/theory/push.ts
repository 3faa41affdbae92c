import type { Ms, Share } from '../units.js'
import type { Gaps } from './gaps.js'
import type { Prediction } from './prediction.js'

export interface PushRule {
  /** From generation to arrival (d). */
  readonly delayMs: Ms
  /** Updates lost on the way, each for itself. @default 0 */
  readonly lossShare?: Share
  /** What loss adds to the age (`lossAgeMs`), where the order of the gaps is known. @default as if gaps came in any order */
  readonly lossAgeMs?: Ms
}

/**
 * Pushing every update, predicted for any traffic from its gaps (MEASURING: age Σg²/(2S) + d, fresh F(d), versions
 * behind λd). A lost update is made good by the next one that arrives, p/(1 − p) mean gaps later.
 */
export function predictPush(gaps: Gaps, { delayMs, lossShare = 0, lossAgeMs }: PushRule): Prediction {
  const missed = lossShare / (1 - lossShare)
  const lateMs = missed * gaps.mean
  return {
    latencyMeanMs: delayMs + lateMs,
    latencyDeliveredMs: delayMs,
    ageMeanMs: gaps.sumSquares / (2 * gaps.total) + (lossAgeMs ?? lateMs) + delayMs,
    freshShare: (1 - lossShare) * gaps.quietShare(delayMs),
    versionsBehind: delayMs / gaps.mean + missed,
    emptyShare: 0,
    supersededShare: 0,
    requestsPerUpdate: 0
  }
}

/**
 * What loss adds to the mean age: at an instant in a gap, the gaps just before it whose updates were lost.
 * @param inOrder - the gaps as they came
 * @param lossShare - p, of each update for itself
 */
export function lossAgeMs(inOrder: readonly Ms[], lossShare: Share): Ms {
  let [area, total, behind, before] = [0, 0, 0, 0]
  for (const gap of inOrder) {
    behind = lossShare * (behind + before)
    area += gap * behind
    total += gap
    before = gap
  }
  return area / total
}
