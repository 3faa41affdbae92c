import type { EpochMs, Ms } from '../units.js'
import type { Model } from '../update/delivery.js'
import type { Outcome } from '../update/exchange.js'

/** One thing that happened, for the timeline. */
export type TimelineEvent =
  | {
      readonly kind: 'update'
      readonly at: EpochMs
      readonly stream: string
      readonly origin: string
      readonly epoch: string
      readonly sequence: number
    }
  | {
      readonly kind: 'delivery'
      readonly at: EpochMs
      readonly stream: string
      readonly source: string
      readonly model: Model
      readonly id: string | null
      readonly epoch: string | null
      readonly sequence: number | null
      readonly generatedAt: EpochMs | null
      readonly latencyMs: Ms | null
      readonly catchUp: boolean
      readonly duplicate: boolean
      readonly exchangeId: string | null
    }
  | {
      readonly kind: 'exchange'
      readonly at: EpochMs
      readonly stream: string
      readonly source: string
      readonly model: Model
      readonly id: string
      readonly outcome: Outcome
      readonly startedAt: EpochMs
      readonly updates: number
      readonly statusCode: number | null
      readonly code: string | null
    }
  | {
      readonly kind: 'fault'
      readonly at: EpochMs
      readonly fault: string
      readonly target: string | null
      readonly from: EpochMs
      readonly until: EpochMs | null
    }

/** An answer of `events?after=n`. */
export interface EventPage {
  /** Number of the last event; ask for what comes after it next time. */
  readonly last: number
  /** Events after the number asked for that are forgotten already. */
  readonly missed: number
  readonly events: readonly (TimelineEvent & { readonly n: number })[]
}

/** Events kept, and so the most of an answer. */
const KEPT = 2000

/** The recent past, bounded; events are numbered from 1. */
export class EventRing {
  readonly #events: (TimelineEvent | undefined)[] = new Array(KEPT).fill(undefined)
  #last = 0

  push(event: TimelineEvent): void {
    this.#events[this.#last % KEPT] = event
    this.#last += 1
  }

  /** Events with numbers above `after`, oldest first. */
  after(after: number): EventPage {
    const from = Math.max(after, this.#last - KEPT, 0)
    const events: (TimelineEvent & { n: number })[] = []
    for (let index = from; index < this.#last; index += 1) {
      const event = this.#events[index % KEPT]
      if (event !== undefined) events.push({ n: index + 1, ...event })
    }
    return { last: this.#last, missed: Math.max(0, from - Math.max(after, 0)), events }
  }
}
