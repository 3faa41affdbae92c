import { Histogram } from '../stats/histogram.js'
import type { EpochMs } from '../units.js'
import type { Prediction } from './prediction.js'

/**
 * What one consumer measures of recorded updates, poll by poll. It holds the first update from its generation on;
 * figures run from there to the last answer. Several passes (of other phases) add up.
 *
 * ```
 * times   0   1 2   3        request ↑ at the server, answer at `heldAt`: holds everything up to `newest`
 *         └held┘└─┘
 * ```
 */
export class Replay {
  /** Of all updates. */
  readonly latency = new Histogram()
  readonly #times: readonly EpochMs[]
  readonly #log: boolean
  #held = 0
  #heldAt: EpochMs
  #requests = 0
  #empty = 0
  #delivered = 0
  #deliveredLatency = 0
  #elapsed = 0
  #staleMs = 0
  #ageArea = 0

  /** @param times - instants of generation, ascending, at least one */
  constructor(times: readonly EpochMs[], read: 'latest' | 'log') {
    this.#times = times
    this.#log = read === 'log'
    this.#heldAt = times[0] ?? Number.NaN
  }

  /** The oldest update not held; undefined when there is none. */
  get next(): EpochMs | undefined {
    return this.#times[this.#held + 1]
  }

  /** Another pass from the first update on. */
  rewind(): void {
    this.#held = 0
    this.#heldAt = this.#times[0] ?? Number.NaN
  }

  /** Polls that bring nothing. */
  idle(polls: number): void {
    this.#requests += polls
    this.#empty += polls
  }

  /**
   * A poll that brings what was generated until `askedAt`, at least one update, and is answered at `heldAt`.
   * @param most - updates, even when more were generated at that very instant
   */
  answer(askedAt: EpochMs, heldAt: EpochMs, most = Number.POSITIVE_INFINITY): void {
    this.#requests += 1
    const times = this.#times
    const first = this.#held + 1
    // the consumer was behind from the first of them on, and not twice for the same time
    this.#staleMs += heldAt - Math.max(times[first] ?? heldAt, this.#heldAt)
    this.#ageArea += this.#areaTo(heldAt)
    this.#elapsed += heldAt - this.#heldAt
    let newest = this.#held
    for (
      let at = times[first];
      at !== undefined && at <= askedAt && newest - this.#held < most;
      at = times[newest + 1]
    ) {
      newest += 1
      this.latency.record(heldAt - at)
      if (this.#log) this.#deliver(heldAt - at)
    }
    if (!this.#log) this.#deliver(heldAt - (times[newest] ?? heldAt))
    this.#held = newest
    this.#heldAt = heldAt
  }

  predict(): Prediction {
    const { count, sum, mean } = this.latency
    return {
      latencyMeanMs: mean,
      latencyDeliveredMs: this.#deliveredLatency / this.#delivered,
      ageMeanMs: this.#ageArea / this.#elapsed,
      freshShare: 1 - this.#staleMs / this.#elapsed,
      versionsBehind: sum / this.#elapsed,
      emptyShare: this.#empty / this.#requests,
      supersededShare: 1 - this.#delivered / count,
      requestsPerUpdate: this.#requests / this.#delivered
    }
  }

  #deliver(latency: number): void {
    this.#delivered += 1
    this.#deliveredLatency += latency
  }

  #areaTo(until: EpochMs): number {
    const held = this.#times[this.#held] ?? until
    return ((this.#heldAt + until) / 2 - held) * (until - this.#heldAt)
  }
}
