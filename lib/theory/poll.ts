import type { Ms, Share } from '../units.js'
import type { Gaps } from './gaps.js'
import { meanOverIntervals, meanWaitMs, waitShare } from './jitter.js'
import type { Prediction } from './prediction.js'

/** Polling at a fixed rate whose phase does not depend on the updates. */
export interface PollRule {
  readonly intervalMs: Ms
  /** Server time and way back (w). The way out shifts the phase and adds nothing. */
  readonly wayBackMs: Ms
  readonly read: 'latest' | 'log'
  /** Share of the interval, 0 to 1. @default 0 */
  readonly jitter?: Share
}

/**
 * Polling, predicted for any traffic from its gaps (MEASURING, U1–U8). Reading the log, one page for each poll:
 * further pages over a kept-alive connection are not counted.
 */
export function predictPoll(gaps: Gaps, { intervalMs, wayBackMs, read, jitter = 0 }: PollRule): Prediction {
  const { count, total, sumSquares } = gaps
  const mean = (of: (betweenMs: Ms) => number): number => meanOverIntervals(intervalMs, jitter, of)
  // time that lies at most one interval behind an update: polls in it find something
  const foundMs = mean(between => gaps.capped(between))
  const waitMs = meanWaitMs(intervalMs, jitter)
  const latencyMeanMs = waitMs + wayBackMs
  const latest = read === 'latest'
  return {
    latencyMeanMs,
    latencyDeliveredMs:
      latest && foundMs > 0
        ? mean(between => gaps.cappedSquares(between)) / (2 * foundMs) + wayBackMs
        : latencyMeanMs,
    ageMeanMs: sumSquares / (2 * total) + latencyMeanMs,
    freshShare: freshShare(gaps, intervalMs, wayBackMs, mean),
    versionsBehind: (count / total) * latencyMeanMs,
    emptyShare: share(1 - foundMs / total),
    supersededShare: latest && intervalMs > 0 ? share(1 - foundMs / (count * intervalMs)) : 0,
    requestsPerUpdate: latest ? total / foundMs : total / (count * intervalMs)
  }
}

/** Share of the updates whose latency is at most `ms`: uniform on [w, w + T] without jitter (P1, P10). */
export function pollShareWithin(ms: Ms, { intervalMs, wayBackMs, jitter = 0 }: PollRule): Share {
  return waitShare(ms - wayBackMs, intervalMs, jitter)
}

/** U6: the mean of F over [w, w + I], from the integral of F. */
function freshShare(
  gaps: Gaps,
  intervalMs: Ms,
  wayBackMs: Ms,
  mean: (of: (betweenMs: Ms) => number) => number
): Share {
  if (intervalMs <= 0) return gaps.quietShare(wayBackMs)
  const stale = mean(between => gaps.excessSquares(wayBackMs + between))
  return share((gaps.excessSquares(wayBackMs) - stale) / (2 * gaps.total * intervalMs))
}

/** Differences of large sums may be off in the last digit. `NaN` stays. */
function share(value: number): Share {
  return Math.min(1, Math.max(0, value))
}
