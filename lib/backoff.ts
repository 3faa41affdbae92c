import type { Ms } from './units.js'

/** Bounds of a back-off; all in ms. */
export interface BackoffOptions {
  /** Cap of the first wait. @default 500 */
  readonly firstMs?: Ms
  /** No wait is longer. @default 30000 */
  readonly maxMs?: Ms
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/**
 * Exponential back-off with full jitter: wait k is uniform in [0, min(maxMs, firstMs · 2^k)).
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export class Backoff {
  readonly #firstMs: Ms
  readonly #maxMs: Ms
  readonly #random: () => number
  #attempts = 0

  constructor({ firstMs = 500, maxMs = 30_000, random }: BackoffOptions) {
    this.#firstMs = firstMs
    this.#maxMs = maxMs
    this.#random = random
  }

  /** Failures since the start or the last `reset`. */
  get attempts(): number {
    return this.#attempts
  }

  /** Counts one failure and returns the wait in ms before the next attempt. */
  next(): Ms {
    const cap = Math.min(this.#maxMs, this.#firstMs * 2 ** Math.min(this.#attempts, 52))
    this.#attempts += 1
    return this.#random() * cap
  }

  /** A success: the next wait starts small again. */
  reset(): void {
    this.#attempts = 0
  }
}
