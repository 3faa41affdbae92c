import type { Cancel, Clock } from '../clock.js'
import type { Ms } from '../units.js'

export interface HoldWatchOptions {
  readonly clock: Clock
  /** Holding may be tried again. */
  onRetry(): void
}

const MOST_FAST = 3
const RETRY_AFTER: Ms = 600_000

/** Notices a server that does not hold long polls: three empty answers in a row in less than a tenth of the hold. */
export class HoldWatch {
  readonly #options: HoldWatchOptions
  #fast = 0
  #cancel: Cancel = () => {}

  constructor(options: HoldWatchOptions) {
    this.#options = options
  }

  /**
   * One answer to a long poll.
   * @param fast - empty, and much too early
   * @returns true when the server does not hold; `onRetry` follows after 10 minutes
   */
  watch(fast: boolean): boolean {
    this.#fast = fast ? this.#fast + 1 : 0
    if (this.#fast < MOST_FAST) return false
    this.#fast = 0
    this.#cancel = this.#options.clock.at(this.#options.clock.now() + RETRY_AFTER, () =>
      this.#options.onRetry()
    )
    return true
  }

  close(): void {
    this.#cancel()
  }
}
