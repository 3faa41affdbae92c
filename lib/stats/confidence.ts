import type { Ms, Share } from '../units.js'
import type { Histogram } from './histogram.js'
import { studentQuantile, type TimeBatches } from './time-batches.js'

/** Lower and upper end of an interval that holds the true value in at least 93 of 100 runs (MEASURING, confidence). */
export type Interval = readonly [low: Ms, high: Ms]

/** Two-sided 95 % intervals of a distribution; null while there is too little for one. */
export interface Confidence {
  readonly mean: Interval | null
  readonly p50: Interval | null
  readonly p99: Interval | null
}

const NOTHING: Confidence = { mean: null, p50: null, p99: null }
/** Probability on either side of a two-sided 95 % interval. */
const TAIL = 0.025
/** Variance from which on a binomial is as good as normal. */
const NORMAL = 400

/**
 * How well mean, p50 and p99 of values are known. The mean by the spread of its time batches; quantiles by order
 * statistics (David and Nagaraja, Order Statistics, 7.1), for as many independent values as the batches say that
 * there are: values / (variance of the mean ÷ what it would be if all were independent).
 * @param values - all values
 * @param batches - the same values by time
 */
export function confidenceOf(values: Histogram, batches: TimeBatches): Confidence {
  const { count, mean } = values
  const batched = count === 0 ? null : batches.mean()
  if (batched === null) return NOTHING
  const half = batched.standardError * studentQuantile(batched.freedom)
  const variance = Math.max(0, values.sumSquares / count - mean * mean)
  const ratio = variance > 0 ? (batched.standardError ** 2 * count) / variance : 1
  // of independent values it is 1, give or take chance: χ²/f, two standard deviations of it
  const dependence = ratio > 1 + 2 * Math.sqrt(2 / batched.freedom) ? ratio : 1
  const independent = Math.floor(count / dependence)
  return {
    mean: [mean - half, mean + half],
    p50: quantileInterval(values, 0.5, independent),
    p99: quantileInterval(values, 0.99, independent)
  }
}

function quantileInterval(values: Histogram, share: Share, independent: number): Interval | null {
  const ranks = quantileRanks(share, independent)
  if (ranks === null) return null
  const [low, high] = ranks
  return [values.rangeOf(low / independent)[0], values.rangeOf(high / independent)[1]]
}

/**
 * The order statistics that hold a quantile between them with at least 95 %, at most 2.5 % on either side.
 * @param share - of the quantile
 * @param count - of independent values
 * @returns ranks from 1; null when there are too few: 6 for the median, 368 for p99
 */
export function quantileRanks(share: Share, count: number): readonly [low: number, high: number] | null {
  // so improbable must it be that all values lie on one side of the quantile
  if (share ** count > TAIL || (1 - share) ** count > TAIL) return null
  const mean = count * share
  const variance = mean * (1 - share)
  if (variance > NORMAL) {
    const half = 1.959964 * Math.sqrt(variance)
    return [Math.floor(mean - half), Math.min(count, Math.ceil(mean + half) + 1)]
  }
  // ranks r with P(fewer than r values below the quantile) ≤ 2.5 %, and its mirror: sums of the binomial, whose terms
  // are got from the likeliest one outwards, so that none of them underflows
  const terms = binomialTerms(share, count)
  const whole = terms.reduce((sum, [, term]) => sum + term, 0)
  let low = 0
  let below = 0
  for (const [successes, term] of terms) {
    below += term / whole
    if (below > TAIL) break
    low = successes + 1
  }
  let high = count + 1
  let above = 0
  for (const [successes, term] of [...terms].reverse()) {
    above += term / whole
    if (above > TAIL) break
    high = successes
  }
  return [Math.max(1, low), Math.min(count, high)]
}

/** `[successes, probability times a constant]`, ascending, as far as they matter. */
function binomialTerms(share: Share, count: number): readonly (readonly [number, number])[] {
  const odds = share / (1 - share)
  const mode = Math.min(count, Math.floor((count + 1) * share))
  const down: [number, number][] = []
  for (let at = mode, term = 1; at >= 0 && term > 1e-12; at -= 1) {
    down.push([at, term])
    term *= at / ((count - at + 1) * odds)
  }
  const up: [number, number][] = []
  for (let at = mode + 1, term = ((count - mode) * odds) / (mode + 1); at <= count && term > 1e-12; at += 1) {
    up.push([at, term])
    term *= ((count - at) * odds) / (at + 1)
  }
  return [...down.reverse(), ...up]
}
