import type { EpochMs } from '../units.js'
import { compareUpdates } from '../update/identity.js'
import {
  endsBefore,
  instantIn,
  mergeOf,
  type Place,
  partOf,
  type Run,
  type VisitUpdates,
  visitRun
} from './truth-run.js'

/** Runs that a ring keeps at most; one takes about 120 bytes. */
const CAPACITY = 4096
/** Runs that stay although every lane has passed them, for a lane that joins late. */
const KEPT = 512
/**
 * What was generated in one stream and when: one ring for all lanes, each with a place of its own in it.
 * Memory grows neither with time nor with a stalled lane: passed updates are dropped, and when a lane is so far
 * behind that the ring is full, neighbours of the older half are merged into runs of count and mean time.
 *
 * ```
 *  dropped │ 4 2 2 1 1 1 1 1 1 1 1 1     count of each run, ascending (epoch, sequence)
 *          │ ↑ slowest lane      ↑ newest
 * ```
 */
export class TruthRing {
  readonly #capacity: number
  readonly #slowest: () => Place | null
  #runs: Run[] = []

  /** @param slowest - what the slowest lane holds; null when one holds nothing yet; `newest` when there is none */
  constructor(slowest: () => Place | null = () => this.newest, capacity = CAPACITY) {
    this.#slowest = slowest
    this.#capacity = capacity
  }

  /** Runs kept now. */
  get size(): number {
    return this.#runs.length
  }

  /** The newest update known. */
  get newest(): Place | null {
    const run = this.#runs.at(-1)
    return run ? { epoch: run.epoch, sequence: run.first + run.count - 1 } : null
  }

  /**
   * Learns when an update was generated, in any order. Sequence numbers jumped over within an epoch become a
   * run of assumed instants, until they are learned too; what came before the first one seen of an epoch is unknown.
   * @returns the instant of its direct predecessor in the same epoch when it became the newest, else null
   */
  learn({ epoch, sequence }: Place, at: EpochMs): EpochMs | null {
    const last = this.#runs.at(-1)
    if (last !== undefined && last.epoch === epoch && sequence >= last.first + last.count) {
      const next = last.first + last.count
      if (sequence > next) {
        const between = (last.lastAt + at) / 2
        const step = (at - last.lastAt) / (sequence - next + 1)
        this.#runs.push({
          epoch,
          first: next,
          count: sequence - next,
          firstAt: last.lastAt + step,
          lastAt: at - step,
          meanAt: between,
          assumed: true
        })
      }
      this.#append(epoch, sequence, at)
      return sequence === next && !last.assumed ? last.lastAt : null
    }
    if (last === undefined || last.epoch < epoch) this.#append(epoch, sequence, at)
    else this.#learnLate(epoch, sequence, at)
    return null
  }

  /** Whether an update after `held` and up to `place` was jumped over, and nobody said yet when it was generated. */
  hasAssumed(held: Place | null, place: Place): boolean {
    for (let index = this.#after(held); index < this.#runs.length; index += 1) {
      const run = this.#runs[index]
      if (run === undefined || compareUpdates({ epoch: run.epoch, sequence: run.first }, place) > 0)
        return false
      if (run.assumed) return true
    }
    return false
  }

  /** When an update was generated; null when that is not known. */
  instantOf(place: Place): EpochMs | null {
    const run = this.#runs[this.#indexOf(place)]
    if (run === undefined || run.epoch !== place.epoch || place.sequence < run.first) return null
    return run.assumed ? null : instantIn(run, place.sequence - run.first)
  }

  /** Visits, oldest first, the updates after `held` and before `until` (null: to the newest). */
  visit(held: Place | null, until: Place | null, visit: VisitUpdates): void {
    for (let index = this.#after(held); index < this.#runs.length; index += 1) {
      const run = this.#runs[index]
      if (run === undefined) return
      let from = 0
      let to = run.count
      if (held !== null && held.epoch === run.epoch) from = Math.max(0, held.sequence + 1 - run.first)
      if (until !== null) {
        if (run.epoch > until.epoch) return
        if (run.epoch === until.epoch) to = Math.min(to, until.sequence - run.first)
      }
      if (to <= 0) return
      if (from < to) visitRun(run, from, to, visit)
    }
  }

  #append(epoch: string, sequence: number, at: EpochMs): void {
    this.#runs.push({ epoch, first: sequence, count: 1, firstAt: at, lastAt: at, meanAt: at, assumed: false })
    if (this.#runs.length > this.#capacity) this.#compact()
  }

  /** An update that is not the newest: fills an assumed run, or stands before the first one seen of its epoch. */
  #learnLate(epoch: string, sequence: number, at: EpochMs): void {
    const index = this.#indexOf({ epoch, sequence })
    const run = this.#runs[index]
    const exact = { epoch, first: sequence, count: 1, firstAt: at, lastAt: at, meanAt: at, assumed: false }
    if (run === undefined || run.epoch !== epoch || sequence < run.first) {
      if (index > 0) this.#runs.splice(index, 0, exact)
      else if (run !== undefined && run.epoch === epoch && run.first === sequence + 1)
        this.#runs.unshift(exact)
      return
    }
    if (!run.assumed) return
    const before = sequence - run.first
    const after = run.count - before - 1
    const parts: Run[] = []
    if (before > 0) parts.push(partOf(run, 0, before))
    parts.push(exact)
    if (after > 0) parts.push(partOf(run, before + 1, run.count))
    this.#runs.splice(index, 1, ...parts)
  }

  #compact(): void {
    const passed = Math.min(this.#after(this.#slowest()), this.#runs.length - KEPT)
    if (passed > 0) this.#runs.splice(0, passed)
    if (this.#runs.length <= this.#capacity * 0.75) return
    const half = this.#runs.length >>> 1
    const merged: Run[] = []
    for (let index = 0; index < half; index += 1) {
      const run = this.#runs[index]
      const next = this.#runs[index + 1]
      if (run === undefined) break
      if (index + 1 < half && next !== undefined && next.epoch === run.epoch) {
        merged.push(mergeOf(run, next))
        index += 1
      } else merged.push(run)
    }
    // runs of different epochs cannot be merged: the oldest go
    const spared = half - merged.length < half / 4 ? merged.slice(half >>> 1) : merged
    this.#runs.splice(0, half, ...spared)
  }

  /** Index of the first run that holds something after `held`. */
  #after(held: Place | null): number {
    return held === null ? 0 : this.#indexOf({ epoch: held.epoch, sequence: held.sequence + 1 })
  }

  /** Index of the first run that ends at or after `place`. */
  #indexOf(place: Place): number {
    let low = 0
    let high = this.#runs.length
    // most lanes are near the newest update: look there first
    for (let back = 1; back <= 4; back += 1) {
      const run = this.#runs[high - 1]
      if (run === undefined || endsBefore(run, place)) return high
      high -= 1
    }
    while (low < high) {
      const middle = (low + high) >>> 1
      const run = this.#runs[middle]
      if (run !== undefined && endsBefore(run, place)) low = middle + 1
      else high = middle
    }
    return low
  }
}

export type { Place, VisitUpdates }
