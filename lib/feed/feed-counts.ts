import type { FeedLimitName } from './feed-limits.js'

/** What a feed counts while it serves. */
export class FeedCounts {
  /** Connections ended because their client did not read. */
  dropped = 0
  /** Connections and requests refused by a limit or for lack of credentials. */
  refused = 0
  /** Updates that left the log for newer ones. */
  expired = 0
  /** Updates accepted. */
  updates = 0
  readonly #limits: Partial<Record<FeedLimitName, number>> = {}

  /** A limit bit. */
  bit(limit: FeedLimitName, times = 1): void {
    if (times > 0) this.#limits[limit] = (this.#limits[limit] ?? 0) + times
  }

  /** Each limit that bit so far, by name. */
  limits(): Record<string, number> {
    return { ...this.#limits }
  }
}
