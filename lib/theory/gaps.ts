import { LAST_SLOT, middleOf } from '../stats/buckets.js'
import type { HistogramJson } from '../stats/histogram.js'
import type { Ms, Share } from '../units.js'

/**
 * The gaps between the updates of a stream, sorted, with their running sums: every figure that depends on a gap
 * and one duration is found in O(log n) (MEASURING, U1–U8). Names as there: N gaps g, S = Σg.
 */
export class Gaps {
  /** N: gaps, one fewer than updates. */
  readonly count: number
  /** S = Σg, ms. */
  readonly total: Ms
  /** Σg², ms². */
  readonly sumSquares: number
  readonly #lengths: Float64Array
  /** Of the gaps before position i: how many, Σg, Σg². */
  readonly #counts: Float64Array
  readonly #sums: Float64Array
  readonly #squares: Float64Array

  private constructor(lengths: Float64Array, weights: Float64Array | null) {
    const { length } = lengths
    this.#lengths = lengths
    this.#counts = new Float64Array(length + 1)
    this.#sums = new Float64Array(length + 1)
    this.#squares = new Float64Array(length + 1)
    let [count, sum, squares] = [0, 0, 0]
    for (let at = 0; at < length; at += 1) {
      const gap = lengths[at] ?? 0
      const weight = weights === null ? 1 : (weights[at] ?? 0)
      count += weight
      sum += weight * gap
      squares += weight * gap * gap
      this.#counts[at + 1] = count
      this.#sums[at + 1] = sum
      this.#squares[at + 1] = squares
    }
    this.count = count
    this.total = sum
    this.sumSquares = squares
  }

  /** Exact. @param gaps - ms, in any order; what is negative (a clock set back) counts as 0 */
  static of(gaps: Iterable<Ms>): Gaps {
    return new Gaps(Float64Array.from(gaps, gap => Math.max(0, gap)).sort(), null)
  }

  /**
   * Each bucket stands for its middle, all moved by the same factor so that their sum is the exact one: a gap is at
   * most 1 % off, what is predicted at most 0.5 % (0.5 points of a share), and nothing where all gaps are alike.
   * What is longer than the last bucket, 12.4 days, is as long as it is in the mean.
   */
  static ofHistogram({ buckets, sum }: Pick<HistogramJson, 'buckets'> & Partial<HistogramJson>): Gaps {
    const lengths = Float64Array.from(buckets, ([index]) => (index > 0 ? middleOf(index) : 0))
    const weights = Float64Array.from(buckets, ([, count]) => count)
    if (sum !== undefined && (buckets[0]?.[0] ?? 0) >= 0)
      straighten(lengths, weights, sum, buckets.at(-1)?.[0] === LAST_SLOT + 1)
    return new Gaps(lengths, weights)
  }

  /** Mean gap; `NaN` without gaps. */
  get mean(): Ms {
    return this.total / this.count
  }

  /** How many gaps are shorter than `u`. */
  shorter(u: Ms): number {
    return this.#counts[this.#place(u)] ?? 0
  }

  /** Σ min(g, u). */
  capped(u: Ms): Ms {
    const place = this.#place(u)
    return (this.#sums[place] ?? 0) + (this.count - (this.#counts[place] ?? 0)) * Math.max(0, u)
  }

  /** Σ min(g, u)². */
  cappedSquares(u: Ms): number {
    const place = this.#place(u)
    return (this.#squares[place] ?? 0) + (this.count - (this.#counts[place] ?? 0)) * Math.max(0, u) ** 2
  }

  /** Σ max(0, g − u). */
  excess(u: Ms): Ms {
    const place = this.#place(u)
    return this.total - (this.#sums[place] ?? 0) - (this.count - (this.#counts[place] ?? 0)) * u
  }

  /** Σ max(0, g − u)². */
  excessSquares(u: Ms): number {
    const place = this.#place(u)
    const longer = this.count - (this.#counts[place] ?? 0)
    return (
      this.sumSquares -
      (this.#squares[place] ?? 0) -
      2 * u * (this.total - (this.#sums[place] ?? 0)) +
      longer * u * u
    )
  }

  /** Σ max(0, 1 − g/u), over the gaps; 0 for u = 0. */
  shortfall(u: Ms): number {
    if (u <= 0) return 0
    const place = this.#place(u)
    return (this.#counts[place] ?? 0) - (this.#sums[place] ?? 0) / u
  }

  /** F(u) = Σ max(0, g − u)/S: the share of instants with no update in the last `u` (MEASURING); `NaN` without gaps. */
  quietShare(u: Ms): Share {
    return u <= 0 ? 1 : Math.max(0, 1 - this.capped(u) / this.total)
  }

  /** Position of the first gap that is not shorter than `u`. */
  #place(u: Ms): number {
    let [low, high] = [0, this.#lengths.length]
    while (low < high) {
      const between = (low + high) >>> 1
      if ((this.#lengths[between] ?? 0) < u) low = between + 1
      else high = between
    }
    return low
  }
}

/** Moves the lengths so that they add up to `sum`: the last one alone when it stands for what is longer than any bucket. */
function straighten(lengths: Float64Array, weights: Float64Array, sum: Ms, overflows: boolean): void {
  const last = lengths.length - 1
  const rough = lengths.reduce((total, length, at) => total + length * (weights[at] ?? 0), 0)
  if (!(rough > 0)) return
  if (overflows) lengths[last] = Math.max(0, (lengths[last] ?? 0) + (sum - rough) / (weights[last] ?? 1))
  else for (const [at, length] of lengths.entries()) lengths[at] = (length * sum) / rough
}
