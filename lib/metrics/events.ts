import type { EpochMs, Ms } from '../units.js'
import type { Delivery, Model } from '../update/delivery.js'
import type { Exchange, Outcome, SourceReport } from '../update/exchange.js'
import type { Update } from '../update/update.js'
import type { Fault } from './records.js'

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

/** What the ring keeps: the record itself, so that keeping it costs nothing. */
export type TimelineRecord =
  | { readonly kind: 'update'; readonly record: Update }
  | { readonly kind: 'delivery'; readonly record: Delivery }
  | { readonly kind: 'exchange'; readonly record: Omit<Exchange, keyof SourceReport> }
  | { readonly kind: 'fault'; readonly record: Fault }

/** Events kept, and so the most of an answer. */
const KEPT = 2000

/** The recent past, bounded; events are numbered from 1. */
export class EventRing {
  readonly #kinds: TimelineRecord['kind'][] = new Array(KEPT).fill('update')
  readonly #records: unknown[] = new Array(KEPT).fill(null)
  #last = 0

  push<K extends TimelineRecord['kind']>(
    kind: K,
    record: Extract<TimelineRecord, { readonly kind: K }>['record']
  ): void {
    const at = this.#last % KEPT
    this.#kinds[at] = kind
    this.#records[at] = record
    this.#last += 1
  }

  /** Events with numbers above `after`, oldest first. */
  after(after: number): EventPage {
    const from = Math.max(after, this.#last - KEPT, 0)
    const events: (TimelineEvent & { n: number })[] = []
    for (let index = from; index < this.#last; index += 1) {
      const at = index % KEPT
      const kept = { kind: this.#kinds[at], record: this.#records[at] } as TimelineRecord
      events.push({ n: index + 1, ...eventOf(kept) })
    }
    return { last: this.#last, missed: Math.max(0, from - Math.max(after, 0)), events }
  }
}

function eventOf({ kind, record }: TimelineRecord): TimelineEvent {
  switch (kind) {
    case 'update': {
      const { generatedAt, stream, origin, epoch, sequence } = record
      return { kind, at: generatedAt, stream, origin, epoch, sequence }
    }
    case 'delivery': {
      const { receivedAt, stream, source, model, id, epoch, sequence } = record
      const { generatedAt, latencyMs, catchUp, duplicate, exchangeId } = record
      return {
        kind,
        at: receivedAt,
        stream,
        source,
        model,
        id,
        epoch,
        sequence,
        generatedAt,
        latencyMs,
        catchUp,
        duplicate,
        exchangeId
      }
    }
    case 'exchange': {
      const { endedAt, stream, source, model, id, outcome, startedAt, updates, statusCode, code } = record
      return {
        kind,
        at: endedAt,
        stream,
        source,
        model,
        id,
        outcome,
        startedAt,
        updates,
        statusCode,
        code
      }
    }
    case 'fault':
      return { kind, at: record.until ?? record.from, ...record }
  }
}
