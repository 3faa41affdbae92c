import type { EpochMs } from '../units.js'

/** Gaps between runs that are remembered; more are merged into one. */
const REMEMBERED = 32

/**
 * The stretch of time that a lane's figures are about. It starts at the latest of: end of the warm-up, first
 * start of the source, reset, last change of settings. What was generated between the last record of one run of
 * the source and the start of its next counts nowhere.
 */
export class LaneWindow {
  #start: EpochMs
  #between: { from: EpochMs; until: EpochMs }[] = []

  constructor(start: EpochMs) {
    this.#start = start
  }

  get start(): EpochMs {
    return this.#start
  }

  /** Starts anew at `at`, unless it starts later already. */
  begin(at: EpochMs): void {
    this.#start = Math.max(this.#start, at)
    this.#between = this.#between.filter(gap => gap.until > this.#start)
  }

  /** A run ended with its record at `from`, the next started at `until`. */
  exclude(from: EpochMs, until: EpochMs): void {
    if (until <= from) return
    this.#between.push({ from, until })
    if (this.#between.length <= REMEMBERED) return
    const [oldest, second, ...rest] = this.#between
    if (oldest && second) this.#between = [{ from: oldest.from, until: second.until }, ...rest]
  }

  /** Whether an update generated at `at` counts. */
  counts(at: EpochMs): boolean {
    if (at < this.#start) return false
    for (const gap of this.#between) if (at > gap.from && at < gap.until) return false
    return true
  }
}
