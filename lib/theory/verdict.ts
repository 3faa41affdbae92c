import type { Bytes, Ms, Share } from '../units.js'
import { crossing } from './break-even.js'
import type { Verdict } from './decision.js'
import {
  DAY_MS,
  type DailyCosts,
  emptyShareAt,
  hasTraffic,
  LEAST_MS,
  pullCosts,
  pushCosts,
  type Situation,
  spanOf
} from './situation.js'

/** The side that costs this many times more in everything that is measured is not advised. */
export const CLEARLY_DEARER = 1.5
/** Fewer gaps tell no rate. */
export const LEAST_GAPS = 20
/** Predictions for longer intervals than this part of the recording are uncertain (MEASURING, U1–U8). */
export const RECORDED_INTERVALS = 20
const MOST_PUSHED = 3688
/** Nobody who asks for a share of 0 polls even less. */
const LONGEST_MS: Ms = 365 * DAY_MS

/** What of a needed figure is missing. */
export type Doubt =
  | 'NO_TRAFFIC'
  | 'TOO_FEW_GAPS'
  | 'TOO_SHORT'
  | 'PUSH_NOT_MEASURED'
  | 'TOO_FEW_PUSHED'
  | 'PULL_NOT_MEASURED'
  | 'PUSH_BYTES_UNKNOWN'
  | 'PULL_BYTES_UNKNOWN'
  | 'SPOILED'

const NO_DOUBT: readonly Doubt[] = []

/** One decision with what it rests on. */
export interface Judgement {
  readonly verdict: Verdict
  /** Feasible; null while not known. */
  readonly push: boolean | null
  readonly pull: boolean | null
  readonly pushShare: Share | null
  /** Costs of both, pull's at `longestMs`; null where nothing is known. */
  readonly pushCosts: DailyCosts | null
  readonly pullCosts: DailyCosts | null
  readonly longestMs: Ms | null
  /** Why it is not conclusive; empty where nothing meets the target, and with any other verdict. */
  readonly doubts: readonly Doubt[]
}

/** Pushed updates of which a two-sided 95 % interval for this quantile needs at least. */
export function pushedNeeded(share: Share): number {
  if (share <= 0) return LEAST_GAPS
  const needed = share >= 1 ? MOST_PUSHED : Math.ceil(Math.log(0.025) / Math.log(share))
  return Math.min(MOST_PUSHED, Math.max(LEAST_GAPS, needed))
}

/** The rules of MEASURING, deciding. */
export function judge(situation: Situation): Judgement {
  const longestMs = longestInterval(situation)
  const traffic = hasTraffic(situation)
  const pushed = traffic ? pushCosts(situation) : null
  const pulled = traffic && longestMs !== null ? pullCosts(situation, longestMs) : null
  const share = pushedShare(situation)
  const push = pushFeasible(situation, share, pushed)
  const pull = pullFeasible(situation, longestMs, pulled)
  // spelled out, for the search that decides some hundred times
  const because = (verdict: Verdict, doubts: readonly Doubt[]): Judgement => ({
    verdict,
    push,
    pull,
    pushShare: share,
    pushCosts: pushed,
    pullCosts: pulled,
    longestMs,
    doubts
  })
  const missing = doubtsOf(situation, push, pull, pushed, pulled)
  if (missing.length > 0) return because('not-conclusive', missing)
  const verdict = verdictOf(push, pull, pushed, pulled)
  const knownMs = recordedEnough(situation)
  if (longestMs !== null && longestMs > knownMs) {
    // the empty share of so long an interval is not known, only between what it lies
    for (const emptyShare of [0, emptyShareAt(situation, knownMs)]) {
      const costs = pullCosts(situation, longestMs, emptyShare)
      const other = verdictOf(push, pullFeasible(situation, longestMs, costs), pushed, costs)
      if (other !== verdict) return because('not-conclusive', ['TOO_SHORT'])
    }
  }
  return situation.facts.spoiledBy.length > 0
    ? because('not-conclusive', ['SPOILED'])
    : because(verdict, NO_DOUBT)
}

/** The longest interval whose empty share the recording tells. */
export const recordedEnough = (situation: Situation): Ms => spanOf(situation) / RECORDED_INTERVALS

/** T ≤ (τ − w)/q; null where no interval will do. A way back not measured counts as 0. */
function longestInterval({ settings, wayBackMs }: Situation): Ms | null {
  const { ms, share } = settings.target
  const left = ms - (wayBackMs ?? 0)
  if (left < LEAST_MS) return null
  return Math.min(left / share, LONGEST_MS)
}

/**
 * The shortest within the budgets, a year at most: bytes of polling fall with the interval. Null without a budget,
 * and while its cost is not known.
 */
export function cheapestInterval(situation: Situation): Ms | null {
  const { clients, maxRequestsPerSecond, maxBytesPerDay } = situation.settings
  if (maxRequestsPerSecond === null && maxBytesPerDay === null) return null
  const byRequests = maxRequestsPerSecond === null ? 0 : (clients * 1000) / maxRequestsPerSecond
  const byBytes = maxBytesPerDay === null ? 0 : cheapestByBytes(situation, maxBytesPerDay)
  return byBytes === null ? null : Math.min(LONGEST_MS, Math.max(byRequests, byBytes))
}

function cheapestByBytes(situation: Situation, maxBytesPerDay: Bytes): Ms | null {
  const bytesAt = (interval: Ms) =>
    hasTraffic(situation) ? pullCosts(situation, interval).bytesPerDay : null
  const least = bytesAt(LONGEST_MS)
  if (least === null) return null
  if (least >= maxBytesPerDay) return LONGEST_MS
  return crossing(LEAST_MS, LONGEST_MS, interval => maxBytesPerDay - (bytesAt(interval) ?? 0)) ?? LEAST_MS
}

function pushedShare({ pushedWithin, settings }: Situation): Share | null {
  return pushedWithin === null ? null : pushedWithin(settings.target.ms)
}

function pushFeasible(
  { settings }: Situation,
  share: Share | null,
  costs: DailyCosts | null
): boolean | null {
  if (share === null) return null
  if (share < settings.target.share) return false
  return within(costs?.bytesPerDay ?? null, settings.maxBytesPerDay)
}

function pullFeasible(
  { settings, wayBackMs }: Situation,
  longestMs: Ms | null,
  costs: DailyCosts | null
): boolean | null {
  if (wayBackMs === null) return null
  if (longestMs === null) return false
  const requests = (settings.clients * 1000) / longestMs
  if (within(requests, settings.maxRequestsPerSecond) === false) return false
  return within(costs?.bytesPerDay ?? null, settings.maxBytesPerDay)
}

/** Null while it is not known. */
function within(cost: number | null, budget: number | null): boolean | null {
  if (budget === null) return true
  return cost === null ? null : cost <= budget
}

function verdictOf(
  push: boolean | null,
  pull: boolean | null,
  pushed: DailyCosts | null,
  pulled: DailyCosts | null
): Verdict {
  if (push !== true && pull !== true) return 'not-conclusive'
  if (pull !== true) return 'push'
  if (push !== true) return 'pull'
  if (pushed === null || pulled === null) return 'not-conclusive'
  if (dearer(pulled, pushed)) return 'push'
  return dearer(pushed, pulled) ? 'pull' : 'either'
}

/** Whether `one` exceeds `other` clearly in every cost measured of both. */
function dearer(one: DailyCosts, other: DailyCosts): boolean {
  return clearlyMore(one.bytesPerDay, other.bytesPerDay) && clearlyMore(one.cpuMsPerDay, other.cpuMsPerDay)
}

/** What is not measured of both says nothing against it. */
function clearlyMore(more: number | null, less: number | null): boolean {
  return more === null || less === null || more >= CLEARLY_DEARER * less
}

/** What must be measured before the two can be told apart. */
function doubtsOf(
  situation: Situation,
  push: boolean | null,
  pull: boolean | null,
  pushed: DailyCosts | null,
  pulled: DailyCosts | null
): readonly Doubt[] {
  const { facts, gaps, settings, wayBackMs } = situation
  const count = facts.push?.latencyMs?.count ?? 0
  // costs decide between two that can, and whether one that has a budget can
  const byCosts = push !== false && pull !== false
  const doubts: Doubt[] = []
  if (!hasTraffic(situation)) doubts.push('NO_TRAFFIC')
  else if (gaps.count < LEAST_GAPS) doubts.push('TOO_FEW_GAPS')
  if (count === 0) doubts.push('PUSH_NOT_MEASURED')
  else if (count < pushedNeeded(settings.target.share)) doubts.push('TOO_FEW_PUSHED')
  else if ((byCosts || push === null) && (pushed?.bytesPerDay ?? null) === null)
    doubts.push('PUSH_BYTES_UNKNOWN')
  if (wayBackMs === null) doubts.push('PULL_NOT_MEASURED')
  else if ((byCosts || pull === null) && (pulled?.bytesPerDay ?? null) === null)
    doubts.push('PULL_BYTES_UNKNOWN')
  return doubts.length > 0 ? doubts : NO_DOUBT
}
