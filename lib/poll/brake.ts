import { Backoff } from '../backoff.js'
import type { Clock } from '../clock.js'
import type { EpochMs } from '../units.js'

/** Holds polls back: as long as a server asked for, and after errors for a while that grows. */
export class Brake {
  readonly #clock: Clock
  readonly #backoff: Backoff
  #retryAt: EpochMs = 0
  #backoffUntil: EpochMs = 0

  /** @param random - uniform in [0, 1) */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#backoff = new Backoff({ random })
  }

  /** Nobody may ask before: the server's own Retry-After, never shortened. */
  get retryAt(): EpochMs {
    return this.#retryAt
  }

  /** The schedule does not ask before. */
  get scheduledAt(): EpochMs {
    return Math.max(this.#retryAt, this.#backoffUntil)
  }

  /** The server wants no request before `retryAt`. */
  throttled(retryAt: EpochMs): void {
    this.#retryAt = Math.max(this.#retryAt, retryAt)
  }

  /** A poll failed: the schedule waits, with full jitter. */
  failed(): void {
    this.#backoffUntil = this.#clock.now() + this.#backoff.next()
  }

  /** A poll was answered. */
  succeeded(): void {
    this.#backoff.reset()
    this.#backoffUntil = 0
  }

  /** Lets go of everything. */
  release(): void {
    this.succeeded()
    this.#retryAt = 0
  }
}
