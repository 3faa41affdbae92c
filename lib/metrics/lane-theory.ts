import { replayAdaptive } from '../theory/adaptive.js'
import { Gaps } from '../theory/gaps.js'
import { replayLongPoll } from '../theory/long-poll.js'
import { pollShareWithin, predictPoll } from '../theory/poll.js'
import type { Prediction } from '../theory/prediction.js'
import { lossAgeMs, predictPush } from '../theory/push.js'
import type { Replay } from '../theory/replay.js'
import type { EpochMs, Ms, Share } from '../units.js'
import { CURVE_AT_MS, curveOf } from './curves.js'
import { holdMsOf } from './hold-times.js'
import type { Lane } from './lane.js'
import { wayBackOf } from './poll-costs.js'
import type { Theory } from './report.js'

/** Below this there is no traffic to predict from. */
const LEAST_GAPS = 2

/** What theory says of a lane, before it is asked for figures or for a picture. */
type LaneTheory =
  | { readonly kind: 'push'; readonly prediction: Prediction; readonly plusMinus: Ms }
  | {
      readonly kind: 'interval'
      readonly prediction: Prediction
      readonly plusMinus: Ms
      shareWithin(ms: Ms): Share
    }
  | { readonly kind: 'replay'; readonly replay: Replay; readonly plusMinus: Ms }

/**
 * What theory says of a lane, from the gaps of the updates of its own window (MEASURING, formulas), in its own time:
 * that of the replay, where traffic is replayed. Null for lanes on demand, before the second gap, and while nothing
 * tells how long an answer takes.
 * @param timed - it is known when its updates were generated
 */
export function theoryOf(lane: Lane, timed: boolean): Theory | null {
  const theory = lane.model === 'push' && !timed ? null : predict(lane)
  if (theory === null) return null
  const { plusMinus } = theory
  if (theory.kind === 'push') {
    const { ageMeanMs, freshShare } = theory.prediction
    return {
      latencyMeanMs: null,
      emptyShare: null,
      supersededShare: null,
      ageMeanMs: known(ageMeanMs),
      freshShare: known(freshShare),
      requestsPerUpdate: null,
      plusMinus
    }
  }
  const prediction = theory.kind === 'interval' ? theory.prediction : theory.replay.predict()
  return {
    latencyMeanMs: known(prediction.latencyMeanMs),
    emptyShare: known(prediction.emptyShare),
    supersededShare: known(prediction.supersededShare),
    ageMeanMs: known(prediction.ageMeanMs),
    freshShare: known(prediction.freshShare),
    requestsPerUpdate: known(prediction.requestsPerUpdate),
    plusMinus
  }
}

/** The predicted distribution of latency over all updates, at `CURVE_AT_MS`; null where theory has none. */
export function theoryCurve(lane: Lane): readonly Share[] | null {
  if (lane.model === 'push') return null
  const theory = predict(lane)
  if (theory === null || theory.kind === 'push') return null
  if (theory.kind === 'replay') return curveOf(theory.replay.latency)
  return CURVE_AT_MS.map(ms => Math.round(theory.shareWithin(ms) * 1e4) / 1e4)
}

function predict(lane: Lane): LaneTheory | null {
  const { gaps, settings, model } = lane
  if (gaps.count < LEAST_GAPS || gaps.sum <= 0) return null
  if (model === 'push') return ofPush(lane)
  if (settings === null) return null
  const { trigger, intervalMs } = settings
  if (trigger === 'long-poll') return ofLongPoll(lane)
  const wayBackMs = wayBackOf(lane.polls.read().durations)
  if (intervalMs === null || wayBackMs === null || lane.read === 'push') return null
  if (trigger === 'interval') {
    const rule = { intervalMs, wayBackMs, read: lane.read, jitter: lane.jitter }
    return {
      kind: 'interval',
      prediction: predictPoll(gapsOf(lane), rule),
      plusMinus: wayBackMs,
      shareWithin: ms => pollShareWithin(ms, rule)
    }
  }
  if (trigger !== 'adaptive') return null
  const { minIntervalMs, maxIntervalMs } = settings
  if (minIntervalMs === undefined || maxIntervalMs === undefined) return null
  const rule = { intervalMs, minIntervalMs, maxIntervalMs, wayBackMs, read: lane.read }
  return { kind: 'replay', replay: replayAdaptive(timesOf(lane), rule), plusMinus: wayBackMs }
}

/** Age and freshness, from the mean of the measured delay and the share that was lost. */
function ofPush(lane: Lane): LaneTheory | null {
  const { latencyDelivered, delivered, missed } = lane.ledger
  const { count, mean, sumSquares } = latencyDelivered
  if (count === 0) return null
  const lossShare = missed / (delivered + missed)
  const loss = missed > 0 ? { lossShare, lossAgeMs: lossAgeMs(lastGaps(lane), lossShare) } : {}
  const variance = Math.max(0, sumSquares / count - mean * mean)
  return {
    kind: 'push',
    prediction: predictPush(gapsOf(lane), { delayMs: mean, ...loss }),
    plusMinus: Math.sqrt(variance / count)
  }
}

function ofLongPoll(lane: Lane): LaneTheory | null {
  const { wayBackMs, pauseMs } = lane.holds
  const holdMs = holdMsOf(lane)
  if (holdMs === null || wayBackMs === null || lane.read === 'push') return null
  // at the server, the turn to the next request is the way back, the pause here, and the way there
  const turnMs = 2 * wayBackMs + pauseMs
  const rule = { holdMs, turnMs, wayBackMs, read: lane.read }
  return { kind: 'replay', replay: replayLongPoll(timesOf(lane), rule), plusMinus: wayBackMs }
}

const lastGaps = (lane: Lane): readonly Ms[] => lane.home?.lastGaps.slice(-lane.gaps.count) ?? []

const gapsOf = (lane: Lane): Gaps => Gaps.ofHistogram(lane.gaps.toJSON())

/** The last updates of the window, at most 4 096, as instants from the first one on; a gap never spans two epochs. */
function timesOf(lane: Lane): EpochMs[] {
  const gaps = lastGaps(lane)
  let at = 0
  return [0, ...gaps.map(gap => (at += Math.max(0, gap)))]
}

/** Null for what has no value, or none that JSON can hold. */
const known = (value: number): number | null => (Number.isFinite(value) ? value : null)
