import type { EpochMs, Ms } from '../../lib/units.js'

/** Beyond this the server's clock was set, or the computer slept. */
const JUMP_MS = 1000
/** How fast the difference may follow answers that took longer: 1 ms a second. */
const DRIFT = 0.001

/**
 * The server's time between its answers. An answer is at least as old as its way here was long, so the largest
 * difference ever seen is the best one; it is let go slowly, so that a clock that drifts is followed.
 */
export class ServerClock {
  #difference: Ms | null = null
  #at: Ms = 0
  /** The answer before looked as if the clock had been set back. */
  #wasBehind = false

  /** @param monotonic - the browser's monotonic clock when the answer arrived, ms */
  answered(serverNow: EpochMs, monotonic: Ms): void {
    const difference = serverNow - monotonic
    const kept = this.#difference
    const behind = kept !== null && kept - difference > JUMP_MS
    // one answer may just have been slow; none comes early
    const isSet = behind ? this.#wasBehind : kept === null || difference - kept > JUMP_MS
    this.#wasBehind = behind
    if (kept === null || isSet) this.#difference = difference
    else this.#difference = Math.max(difference, kept - DRIFT * (monotonic - this.#at))
    this.#at = monotonic
  }

  /** Null before the first answer. */
  now(monotonic: Ms): EpochMs | null {
    return this.#difference === null ? null : monotonic + this.#difference
  }
}
