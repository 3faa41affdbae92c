import { DeliveryError } from '../errors.js'
import type { Ms, Share } from '../units.js'
import {
  FIRST_CODE,
  increase,
  LAST_SLOT,
  lowerEdge,
  newSide,
  SCALE,
  type Side,
  slotAtRank,
  slotsOf,
  total
} from './buckets.js'

/** A histogram as plain JSON: only the buckets that hold something. */
export interface HistogramJson {
  /** Each octave [2^e, 2^(e+1)) is cut into 2^scale equal buckets. */
  readonly scale: number
  readonly count: number
  readonly sum: number
  readonly sumSquares: number
  /** Null while empty. */
  readonly min: number | null
  readonly max: number | null
  /** `[index, count]`, ascending. 0: nearer to zero than 2^-10; ±(1 + (e + 10)·2^scale + k): bucket k of octave e. */
  readonly buckets: readonly (readonly [number, number])[]
}

/**
 * A log-linear histogram of durations in ms: at most 1 % off between 1 µs and 10 days, mirrored for negative
 * values; count, sum, sum of squares, minimum and maximum are exact. Takes at most some 6 kB a sign,
 * 11 kB where each part of it counts beyond 65 535.
 */
export class Histogram {
  readonly #float = new Float64Array(1)
  readonly #bits = new Uint32Array(this.#float.buffer)
  #positive: Side = newSide()
  #negative: Side = newSide()
  #zeros = 0
  #count = 0
  #sum = 0
  #sumSquares = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  get count(): number {
    return this.#count
  }

  get sum(): number {
    return this.#sum
  }

  get sumSquares(): number {
    return this.#sumSquares
  }

  /** `NaN` while empty. */
  get mean(): Ms {
    return this.#sum / this.#count
  }

  /** `Infinity` while empty. */
  get min(): Ms {
    return this.#min
  }

  /** `-Infinity` while empty. */
  get max(): Ms {
    return this.#max
  }

  /**
   * Counts `value`, `count` times.
   * @param value - ms, finite; beyond ±12.4 days it falls into the last bucket, minimum and maximum stay exact
   */
  record(value: Ms, count = 1): void {
    this.#count += count
    this.#sum += value * count
    this.#sumSquares += value * value * count
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
    this.#float[0] = value
    // little-endian, as every platform that Node.js runs on: the second word holds sign and exponent
    const high = this.#bits[1] ?? 0
    const slot = ((high & 0x7fffffff) >>> (20 - SCALE)) - FIRST_CODE
    if (slot < 0) this.#zeros += count
    else increase(value < 0 ? this.#negative : this.#positive, Math.min(slot, LAST_SLOT), count)
  }

  /** Adds everything that `other` counted. */
  add(other: Histogram): void {
    this.#count += other.#count
    this.#sum += other.#sum
    this.#sumSquares += other.#sumSquares
    this.#min = Math.min(this.#min, other.#min)
    this.#max = Math.max(this.#max, other.#max)
    this.#zeros += other.#zeros
    for (const [slot, count] of slotsOf(other.#positive)) increase(this.#positive, slot, count)
    for (const [slot, count] of slotsOf(other.#negative)) increase(this.#negative, slot, count)
  }

  /** Forgets everything. */
  clear(): void {
    this.#positive = newSide()
    this.#negative = newSide()
    this.#zeros = this.#count = this.#sum = this.#sumSquares = 0
    this.#min = Number.POSITIVE_INFINITY
    this.#max = Number.NEGATIVE_INFINITY
  }

  /**
   * The value of rank ⌈q · count⌉ (nearest rank), at most 1 % off; `NaN` while empty.
   * @param q - 0 to 1
   */
  quantile(q: Share): Ms {
    if (this.#count === 0) return Number.NaN
    const rank = Math.min(Math.max(Math.ceil(q * this.#count), 1), this.#count)
    if (rank === 1) return this.#min
    if (rank === this.#count) return this.#max
    const [low, high] = this.#edgesAt(rank)
    return Math.min(Math.max((low + high) / 2, this.#min), this.#max)
  }

  /**
   * Where the value of rank ⌈q · count⌉ may lie: the ends of its bucket; `NaN` while empty.
   * @param q - 0 to 1
   */
  rangeOf(q: Share): readonly [low: Ms, high: Ms] {
    if (this.#count === 0) return [Number.NaN, Number.NaN]
    const rank = Math.min(Math.max(Math.ceil(q * this.#count), 1), this.#count)
    if (rank === 1) return [this.#min, this.#min]
    if (rank === this.#count) return [this.#max, this.#max]
    const [low, high] = this.#edgesAt(rank)
    return [Math.max(low, this.#min), Math.min(high, this.#max)]
  }

  /** Share of the values that are at most `value`, straight-lined within its bucket; `NaN` while empty. */
  shareAtOrBelow(value: Ms): Share {
    if (this.#count === 0) return Number.NaN
    return this.countAtOrBelow(value) / this.#count
  }

  /** How many values are at most `value`, straight-lined within its bucket. */
  countAtOrBelow(value: Ms): number {
    if (value >= this.#max) return this.#count
    if (value < this.#min) return 0
    let below = 0
    for (const [low, high, count] of this.#ranges()) {
      if (low > value) break
      if (high <= value) {
        below += count
        continue
      }
      const from = Math.max(low, this.#min)
      const to = Math.min(high, this.#max)
      below += to > from ? (count * (value - from)) / (to - from) : count
    }
    return below
  }

  /** `shareAtOrBelow` of many values at once. @param values - ascending */
  sharesAtOrBelow(values: readonly Ms[]): Share[] {
    const ranges = this.#ranges()
    let range = ranges.next()
    let below = 0
    return values.map(value => {
      while (!range.done && range.value[1] <= value) {
        below += range.value[2]
        range = ranges.next()
      }
      if (range.done || value >= this.#max) return this.#count > 0 ? 1 : Number.NaN
      const [low, high, count] = range.value
      const [from, to] = [Math.max(low, this.#min), Math.min(high, this.#max)]
      const part = value < from ? 0 : to > from ? (count * (value - from)) / (to - from) : count
      return (below + part) / this.#count
    })
  }

  toJSON(): HistogramJson {
    const buckets: [number, number][] = []
    for (const [slot, count] of slotsOf(this.#negative)) buckets.push([-1 - slot, count])
    buckets.reverse()
    if (this.#zeros > 0) buckets.push([0, this.#zeros])
    for (const [slot, count] of slotsOf(this.#positive)) buckets.push([1 + slot, count])
    return {
      scale: SCALE,
      count: this.#count,
      sum: this.#sum,
      sumSquares: this.#sumSquares,
      min: this.#count > 0 ? this.#min : null,
      max: this.#count > 0 ? this.#max : null,
      buckets
    }
  }

  /**
   * The histogram that `toJSON` wrote.
   * @throws DeliveryError `RECORD_INVALID`
   */
  static fromJSON(json: HistogramJson): Histogram {
    const invalid = (found: string) =>
      new DeliveryError('RECORD_INVALID', `Expected a histogram of scale ${SCALE}, found ${found}`)
    if (json?.scale !== SCALE || !Array.isArray(json.buckets))
      throw invalid(JSON.stringify(json)?.slice(0, 80) ?? 'nothing')
    const histogram = new Histogram()
    let counted = 0
    for (const bucket of json.buckets) {
      const [index, count] = bucket
      if (!Number.isInteger(index) || Math.abs(index) > LAST_SLOT + 1 || !(count > 0))
        throw invalid(`bucket ${JSON.stringify(bucket)}`)
      counted += count
      if (index === 0) histogram.#zeros += count
      else increase(index < 0 ? histogram.#negative : histogram.#positive, Math.abs(index) - 1, count)
    }
    const figures = [json.count, json.sum, json.sumSquares, json.min ?? 0, json.max ?? 0]
    if (!figures.every(Number.isFinite) || counted !== json.count)
      throw invalid(`count ${json.count} over buckets that hold ${counted}`)
    histogram.#count = json.count
    histogram.#sum = json.sum
    histogram.#sumSquares = json.sumSquares
    histogram.#min = json.min ?? Number.POSITIVE_INFINITY
    histogram.#max = json.max ?? Number.NEGATIVE_INFINITY
    return histogram
  }

  /** Ends of the bucket of the value with this rank, from 1. */
  #edgesAt(rank: number): readonly [Ms, Ms] {
    const negatives = total(this.#negative)
    // the negative side counts from the largest magnitude down
    if (rank <= negatives) {
      const slot = slotAtRank(this.#negative, negatives - rank + 1)
      return [-lowerEdge(slot + 1), -lowerEdge(slot)]
    }
    if (rank <= negatives + this.#zeros) return [-lowerEdge(0), lowerEdge(0)]
    const slot = slotAtRank(this.#positive, rank - negatives - this.#zeros)
    return [lowerEdge(slot), lowerEdge(slot + 1)]
  }

  /** `[low, high, count]`, ascending. */
  *#ranges(): Generator<[Ms, Ms, number]> {
    const negatives = [...slotsOf(this.#negative)].reverse()
    for (const [slot, count] of negatives) yield [-lowerEdge(slot + 1), -lowerEdge(slot), count]
    if (this.#zeros > 0) yield [-lowerEdge(0), lowerEdge(0), this.#zeros]
    for (const [slot, count] of slotsOf(this.#positive))
      yield [lowerEdge(slot), slot === LAST_SLOT ? Number.POSITIVE_INFINITY : lowerEdge(slot + 1), count]
  }
}
