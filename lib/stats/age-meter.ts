import type { EpochMs, Ms, Share } from '../units.js'

/** What an `AgeMeter` read; null where nothing was held yet or no time has passed. */
export interface AgeReading {
  /** Since the integrals started. */
  readonly seconds: number
  readonly nowMs: Ms | null
  readonly meanMs: Ms | null
  /** Mean and maximum of the ages just before a drop. */
  readonly peakMeanMs: Ms | null
  readonly maxMs: Ms | null
  readonly freshShare: Share | null
  readonly versionsBehind: number | null
}

/** Updates that were generated and are not held yet. */
export interface Unheld {
  /** Generation of the oldest one; null for none. */
  readonly oldestAt: EpochMs | null
  /** Σ (now − max(generatedAt, `from`)) over all of them. */
  readonly waitedMs: Ms
}

/**
 * Age of information at one consumer: how long ago the freshest update it holds was generated. It grows 1 ms per
 * ms and drops when a fresher update arrives. Beside it, two integrals over the same time: how long the consumer
 * held the newest update, and how many it did not hold (Little: the sum of all waits).
 *
 * ```
 * age   /|    /|
 *      / |  /  |  /      mean = area ÷ time; peaks are the tips
 *     /  |/    |/
 * ```
 * `begin` starts a window: integrals at zero, the value held is carried into it.
 */
export class AgeMeter {
  #from: EpochMs
  #heldAt: EpochMs | null = null
  #freshest: EpochMs | null = null
  #integratedTo: EpochMs = Number.NEGATIVE_INFINITY
  #staleTo: EpochMs = Number.NEGATIVE_INFINITY
  #ageArea = 0
  #staleMs = 0
  #waitedMs = 0
  #peaks = 0
  #peakSum = 0
  #peakMax = Number.NEGATIVE_INFINITY

  /** @param from - start of the window */
  constructor(from: EpochMs = Number.NEGATIVE_INFINITY) {
    this.#from = from
  }

  /** Starts a window; what is held stays held. */
  begin(from: EpochMs): void {
    this.#from = from
    this.#ageArea = this.#staleMs = this.#waitedMs = this.#peaks = this.#peakSum = 0
    this.#peakMax = Number.NEGATIVE_INFINITY
  }

  /** Where the integrals start: the window's start or the first value held, whichever is later; null before. */
  get start(): EpochMs | null {
    return this.#heldAt === null ? null : Math.max(this.#from, this.#heldAt)
  }

  /**
   * Records one delivery; an update older than the freshest one leaves the age alone.
   * @param receivedAt - must not go backwards
   * @returns the peak age just before this delivery, `undefined` for the first and for older updates
   */
  record(generatedAt: EpochMs, receivedAt: EpochMs): Ms | undefined {
    if (this.#freshest === null) {
      this.hold(receivedAt)
      this.#freshest = generatedAt
      this.#integratedTo = receivedAt
      return undefined
    }
    this.#ageArea += this.#areaTo(receivedAt)
    this.#integratedTo = Math.max(this.#integratedTo, receivedAt)
    if (generatedAt <= this.#freshest) return undefined
    const peak = receivedAt - this.#freshest
    this.#freshest = generatedAt
    if (receivedAt >= this.#from) {
      this.#peaks += 1
      this.#peakSum += peak
      if (peak > this.#peakMax) this.#peakMax = peak
    }
    return peak
  }

  /** Something is held from `at` on. */
  hold(at: EpochMs): void {
    this.#heldAt ??= at
  }

  /** `count` updates generated at `generatedAt` were not held until `heldAt`. */
  waited(generatedAt: EpochMs, heldAt: EpochMs, count = 1): void {
    const start = this.start
    if (start === null || heldAt <= start) return
    this.#waitedMs += (heldAt - Math.max(generatedAt, start)) * count
  }

  /** A newer update than the one held existed from `oldestUnheldAt` until the delivery at `heldAt`. */
  stale(oldestUnheldAt: EpochMs, heldAt: EpochMs): void {
    this.#staleMs += this.#staleUntil(oldestUnheldAt, heldAt)
    this.#staleTo = Math.max(this.#staleTo, heldAt)
  }

  /** The figures at `now`; null `unheld` = nobody knows what was generated. */
  read(now: EpochMs, unheld: Unheld | null): AgeReading {
    const start = this.start
    const elapsed = start === null ? 0 : now - start
    const known = start !== null && elapsed > 0
    const staleMs =
      this.#staleMs + (unheld && unheld.oldestAt !== null ? this.#staleUntil(unheld.oldestAt, now) : 0)
    const freshest = this.#freshest
    return {
      seconds: known ? elapsed / 1000 : 0,
      nowMs: freshest === null ? null : now - freshest,
      meanMs: known && freshest !== null ? (this.#ageArea + this.#areaTo(now)) / elapsed : null,
      peakMeanMs: this.#peaks > 0 ? this.#peakSum / this.#peaks : null,
      maxMs: this.#peaks > 0 ? this.#peakMax : null,
      freshShare: known && unheld ? Math.min(Math.max(1 - staleMs / elapsed, 0), 1) : null,
      versionsBehind: known && unheld ? (this.#waitedMs + unheld.waitedMs) / elapsed : null
    }
  }

  #areaTo(until: EpochMs): number {
    const from = Math.max(this.#integratedTo, this.#from)
    if (this.#freshest === null || until <= from) return 0
    return ((from + until) / 2 - this.#freshest) * (until - from)
  }

  #staleUntil(oldestUnheldAt: EpochMs, until: EpochMs): Ms {
    const start = this.start
    if (start === null) return 0
    return Math.max(0, until - Math.max(oldestUnheldAt, this.#staleTo, start))
  }
}
