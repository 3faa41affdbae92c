import type { EpochMs, Ms } from '../units.js'

/** Batches kept; once they are full, pairs of neighbours become one, so that there are 32 to 64. */
const BATCHES = 64
/** Batches that a variance is taken from at least. */
const LEAST = 16
/** Of a batch at the start; it doubles as the run grows. */
const SHORTEST: Ms = 1

/** What batches say of a mean. */
export interface BatchedMean {
  /** Standard error of the mean of all values. */
  readonly standardError: Ms
  /** Degrees of freedom that the standard error was got from. */
  readonly freedom: number
}

/**
 * Sums of values over stretches of time of equal length, 32 to 64 of them whatever the length of the run. Values
 * that depend on their neighbours mostly share a batch with them, so the spread of the batches tells how well a
 * mean is known where the spread of single values would promise too much (batch means; MEASURING, confidence).
 * O(1) a record, 1 kB.
 */
export class TimeBatches {
  #start: EpochMs | null = null
  #length: Ms = SHORTEST
  readonly #sums = new Float64Array(BATCHES)
  readonly #counts = new Float64Array(BATCHES)

  /**
   * Counts `value`, `count` times.
   * @param at - when it was noticed; what is earlier than the first belongs to the first batch
   */
  record(at: EpochMs, value: Ms, count = 1): void {
    this.#start ??= at
    let batch = Math.floor((at - this.#start) / this.#length)
    while (batch >= BATCHES) {
      this.#merge()
      batch = Math.floor((at - this.#start) / this.#length)
    }
    if (batch < 0) batch = 0
    this.#sums[batch] = (this.#sums[batch] ?? 0) + value * count
    this.#counts[batch] = (this.#counts[batch] ?? 0) + count
  }

  /** Forgets everything. */
  clear(): void {
    this.#start = null
    this.#length = SHORTEST
    this.#sums.fill(0)
    this.#counts.fill(0)
  }

  /**
   * How well the mean of all values is known: the greatest of the standard errors that the batches, pairs of them and
   * fours of them give, so that values which depend on others in the next batch do not promise too much either.
   * The mean is a ratio of two sums, values and their number (Cochran, Sampling Techniques, 6.4): a batch with more
   * values weighs more, an empty one nothing.
   * @returns null while there are fewer than 16 batches with values
   */
  mean(): BatchedMean | null {
    let found: BatchedMean | null = null
    let widest = -1
    const total = sumOf(this.#counts)
    const mean = sumOf(this.#sums) / total
    for (const size of [1, 2, 4]) {
      const one = this.#meanOf(size, mean, total)
      if (one === null) break
      const width = one.standardError * studentQuantile(one.freedom)
      if (width <= widest) continue
      widest = width
      found = one
    }
    return found
  }

  /** The standard error by `size` neighbouring batches taken as one. */
  #meanOf(size: number, mean: Ms, total: number): BatchedMean | null {
    let filled = 0
    let squares = 0
    for (let first = 0; first < BATCHES; first += size) {
      let sum = 0
      let count = 0
      for (let batch = first; batch < first + size; batch += 1) {
        sum += this.#sums[batch] ?? 0
        count += this.#counts[batch] ?? 0
      }
      if (count === 0) continue
      filled += 1
      squares += (sum - mean * count) ** 2
    }
    if (filled * size < LEAST || filled < LEAST / 4) return null
    return { standardError: Math.sqrt((squares * filled) / (filled - 1)) / total, freedom: filled - 1 }
  }

  #merge(): void {
    for (const list of [this.#sums, this.#counts]) {
      for (let pair = 0; pair < BATCHES / 2; pair += 1)
        list[pair] = (list[2 * pair] ?? 0) + (list[2 * pair + 1] ?? 0)
      list.fill(0, BATCHES / 2)
    }
    this.#length *= 2
  }
}

function sumOf(list: Float64Array): number {
  let sum = 0
  for (const value of list) sum += value
  return sum
}

/**
 * Student's t for a two-sided 95 % interval, within 0.2 % from 3 degrees of freedom on (Cornish–Fisher expansion;
 * Abramowitz and Stegun, 26.7.5).
 */
export function studentQuantile(freedom: number): number {
  const z = 1.959964
  const [z3, z5, z7, z9] = [z ** 3, z ** 5, z ** 7, z ** 9]
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3) +
    (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92_160 * freedom ** 4)
  )
}
