import { Histogram } from '../stats/histogram.js'
import type { EpochMs, Ms } from '../units.js'
import type { Read } from '../update/delivery.js'
import type { Exchange, SourceSettings } from '../update/exchange.js'
import { isAnswered } from './outcomes.js'
import { wayBackOf } from './poll-costs.js'

type HeldExchange = Pick<Exchange, 'outcome' | 'startedAt' | 'endedAt'>

/** Of a lane that polls otherwise there are none. */
interface Ways {
  /** Way there, server time and way back. */
  readonly roundTrips: Histogram
  /** From an answer to the next request, here. */
  readonly pauses: Histogram
  /** From an update that ended a hold to its arrival: server time and way back. */
  readonly pushed: Histogram
}

interface HeldLane {
  readonly read: Read
  readonly settings: Pick<SourceSettings, 'waitMs'> | null
}

/** What the server is asked to hold: the latest value is asked for in whole seconds (RFC 7240 §4.3). */
export function holdMsOf({ read, settings }: HeldLane): Ms | null {
  const waitMs = settings?.waitMs ?? null
  return waitMs !== null && read === 'latest' ? Math.ceil(waitMs / 1000) * 1000 : waitMs
}

/**
 * What long polls tell of the way, without the hold: those that found something there already, and those that were
 * held until their time was up. Of what an update ended, only how long that update was under way.
 */
export class HoldTimes {
  #ways: Ways | null = null
  #lastEndedAt: EpochMs | null = null
  /** Of the deliveries since the last exchange. */
  #oldestAt: EpochMs | null = null

  /** Half the median of what is known of whole ways; else of the way back alone. Null before anything is. */
  get wayBackMs(): Ms | null {
    if (this.#ways === null) return null
    const { roundTrips, pushed } = this.#ways
    return wayBackOf(roundTrips) ?? (pushed.count > 0 ? pushed.quantile(0.5) : null)
  }

  /** Median of the time from an answer to the next request, here; 0 before the second. */
  get pauseMs(): Ms {
    const { pauses } = this.#ways ?? {}
    return pauses !== undefined && pauses.count > 0 ? pauses.quantile(0.5) : 0
  }

  /** A delivery; those of a poll come before its exchange. */
  delivered(generatedAt: EpochMs | null): void {
    if (generatedAt !== null && (this.#oldestAt === null || generatedAt < this.#oldestAt))
      this.#oldestAt = generatedAt
  }

  /** One poll of a lane; of one that polls otherwise nothing is kept. */
  exchange({ outcome, startedAt, endedAt }: HeldExchange, lane: HeldLane): void {
    const holdMs = holdMsOf(lane)
    if (holdMs === null) return
    const oldestAt = this.#oldestAt
    this.#oldestAt = null
    if (outcome === 'skipped') return
    this.#ways ??= { roundTrips: new Histogram(), pauses: new Histogram(), pushed: new Histogram() }
    const { roundTrips, pauses, pushed } = this.#ways
    if (this.#lastEndedAt !== null && startedAt >= this.#lastEndedAt)
      pauses.record(startedAt - this.#lastEndedAt)
    this.#lastEndedAt = endedAt
    if (!isAnswered(outcome)) return
    const tookMs = endedAt - startedAt
    if (outcome !== 'updated') {
      if (tookMs >= holdMs) roundTrips.record(tookMs - holdMs)
    } else if (oldestAt === null) return
    else if (oldestAt < startedAt) roundTrips.record(tookMs)
    else pushed.record(endedAt - oldestAt)
  }

  clear(): void {
    this.#ways = this.#lastEndedAt = this.#oldestAt = null
  }
}
