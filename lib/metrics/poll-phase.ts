import type { EpochMs, Ms, Share } from '../units.js'

/**
 * Where in their interval the polls of one run were due, as far as exchanges showed it. The first poll does not count:
 * it leaves at once, before the phase of the others (CONTRACT 3).
 */
export class PollPhase {
  #begun = false
  #spread: { readonly first: EpochMs; low: Ms; high: Ms } | null = null

  record(dueAt: EpochMs, intervalMs: Ms): void {
    if (!this.#begun) {
      this.#begun = true
      return
    }
    this.#spread ??= { first: dueAt, low: 0, high: 0 }
    const phase = dueAt - this.#spread.first
    const offset = phase - Math.round(phase / intervalMs) * intervalMs
    this.#spread.low = Math.min(this.#spread.low, offset)
    this.#spread.high = Math.max(this.#spread.high, offset)
  }

  /** Jitter of the polls as a share of their interval. */
  jitter(intervalMs: Ms | null): Share {
    if (this.#spread === null || !intervalMs) return 0
    return Math.min(1, (this.#spread.high - this.#spread.low) / intervalMs)
  }

  /** Another run, or another interval, has another phase. */
  clear(): void {
    this.#spread = null
    this.#begun = false
  }
}
