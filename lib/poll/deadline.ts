import type { Cancel, Clock } from '../clock.js'
import type { EpochMs } from '../units.js'

export interface DeadlineOptions {
  readonly clock: Clock
  onReached(): void
}

/**
 * The deadline of whatever is under way, one at a time. Polls end long before theirs, so its timer is not
 * taken back with each: it looks, once it fires, whether a later deadline is in force by then.
 */
export class Deadline {
  readonly #options: DeadlineOptions
  #at: EpochMs = Number.POSITIVE_INFINITY
  /** When the timer fires; infinite = there is none. */
  #timerAt: EpochMs = Number.POSITIVE_INFINITY
  #cancel: Cancel = () => {}

  constructor(options: DeadlineOptions) {
    this.#options = options
  }

  /** Another deadline instead of the one before. */
  set(at: EpochMs): void {
    this.#at = at
    if (at < this.#timerAt) this.#arm(at)
  }

  /** What was under way has ended. */
  clear(): void {
    this.#at = Number.POSITIVE_INFINITY
  }

  /** Takes the timer back; idempotent. */
  close(): void {
    this.clear()
    this.#timerAt = Number.POSITIVE_INFINITY
    this.#cancel()
  }

  #arm(at: EpochMs): void {
    this.#cancel()
    this.#timerAt = at
    this.#cancel = this.#options.clock.at(at, () => this.#fired(at))
  }

  #fired(firedAt: EpochMs): void {
    this.#timerAt = Number.POSITIVE_INFINITY
    if (this.#at === Number.POSITIVE_INFINITY) return
    if (this.#at > firedAt) this.#arm(this.#at)
    else {
      this.clear()
      this.#options.onReached()
    }
  }
}
