import type { Cancel, Clock } from '../../lib/clock.js'
import type { EpochMs, Ms } from '../../lib/units.js'

/** A clock that stands still until it is told to advance; timers run in order of their instants. */
export class FakeClock implements Clock {
  #now: EpochMs
  #timers: { instant: EpochMs; run: () => void }[] = []

  constructor(now: EpochMs = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  now(): EpochMs {
    return this.#now
  }

  at(instant: EpochMs, run: () => void): Cancel {
    const timer = { instant, run }
    const index = this.#timers.findLastIndex(other => other.instant <= instant)
    this.#timers.splice(index + 1, 0, timer)
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer)
    }
  }

  /** Timers not yet run. */
  get pending(): number {
    return this.#timers.length
  }

  /** Moves to `instant` and runs what is due on the way, each at its own instant. */
  advanceTo(instant: EpochMs): void {
    for (let next = this.#timers[0]; next && next.instant <= instant; next = this.#timers[0]) {
      this.#timers.shift()
      this.#now = Math.max(this.#now, next.instant)
      next.run()
    }
    this.#now = Math.max(this.#now, instant)
  }

  advance(ms: Ms): void {
    this.advanceTo(this.#now + ms)
  }

  /** As `advance`, but lets promises settle between timers. */
  async advanceAsync(ms: Ms): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let next = this.#timers[0]; next && next.instant <= end; next = this.#timers[0]) {
      this.advanceTo(next.instant)
      await settle()
    }
    this.advanceTo(end)
    await settle()
  }
}

/** Lets every promise that is already resolved run its continuations. */
export const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
