import type { EpochMs, Ms } from '../units.js'
import type { Model } from '../update/delivery.js'
import type { Outcome } from '../update/exchange.js'
import type { TimelineRecord } from './events.js'

/** `[source, model, stream]` */
export type LaneRow = readonly [string, Model, string]
/** `[stream, origin, epoch]` */
export type RunRow = readonly [string, string, string]
/** `[index in runs, sequence, generated]` */
export type UpdateRow = readonly [number, number, Ms]
/** `[index in lanes, epoch or null, sequence or the foreign id, generated, received, bits: 1 catch-up, 2 duplicate]` */
export type DeliveryRow = readonly [number, number | null, number | string | null, Ms | null, Ms, number]
/** `[index in lanes, outcome, started, ended, updates, status code or error code]` */
export type ExchangeRow = readonly [number, Outcome, Ms, Ms, number, number | string | null]
/** `[fault, target, from, until]` */
export type FaultRow = readonly [string, string | null, Ms, Ms | null]

/**
 * An answer of `events?after=n`, in rows so that it stays small: what repeats stands once, and instants are ms
 * after `base`, to 0.01 ms.
 */
export interface EventPage {
  readonly now: EpochMs
  readonly base: EpochMs
  /** Number of the last event here: ask for what comes after it next time. Smaller than asked for after a restart. */
  readonly last: number
  /** Events that are kept and newer than these. */
  readonly more: number
  /** Events after the number asked for that are forgotten, or left out of a first answer. */
  readonly missed: number
  readonly lanes: readonly LaneRow[]
  readonly runs: readonly RunRow[]
  /** Epochs that deliveries name by index. */
  readonly epochs: readonly string[]
  readonly updates: readonly UpdateRow[]
  readonly deliveries: readonly DeliveryRow[]
  readonly exchanges: readonly ExchangeRow[]
  readonly faults: readonly FaultRow[]
}

/** Rows that repeat, each once. */
class Table<T> {
  readonly rows: T[] = []
  readonly #indices = new Map<string, number>()

  index(key: string, row: T): number {
    const known = this.#indices.get(key)
    if (known !== undefined) return known
    this.#indices.set(key, this.rows.length)
    return this.rows.push(row) - 1
  }
}

/** Writes records, oldest first, as one page. */
export function eventPage(
  records: readonly TimelineRecord[],
  place: { readonly now: EpochMs; readonly last: number; readonly more: number; readonly missed: number }
): EventPage {
  const lanes = new Table<LaneRow>()
  const runs = new Table<RunRow>()
  const epochs = new Table<string>()
  const base = Math.floor(place.now)
  const after = (instant: EpochMs): Ms => Math.round((instant - base) * 100) / 100
  const updates: UpdateRow[] = []
  const deliveries: DeliveryRow[] = []
  const exchanges: ExchangeRow[] = []
  const faults: FaultRow[] = []
  for (const kept of records)
    switch (kept.kind) {
      case 'update': {
        const { stream, origin, epoch, sequence, generatedAt } = kept.record
        const run = runs.index(`${epoch} ${stream}`, [stream, origin, epoch])
        updates.push([run, sequence, after(generatedAt)])
        break
      }
      case 'delivery': {
        const { id, epoch, sequence, generatedAt, receivedAt, catchUp, duplicate } = kept.record
        deliveries.push([
          laneIndex(lanes, kept.record),
          epoch === null ? null : epochs.index(epoch, epoch),
          sequence ?? id,
          generatedAt === null ? null : after(generatedAt),
          after(receivedAt),
          (catchUp ? 1 : 0) + (duplicate ? 2 : 0)
        ])
        break
      }
      case 'exchange': {
        const { outcome, startedAt, endedAt, updates: brought, statusCode, code } = kept.record
        const lane = laneIndex(lanes, kept.record)
        exchanges.push([lane, outcome, after(startedAt), after(endedAt), brought, code ?? statusCode])
        break
      }
      case 'fault': {
        const { fault, target, from, until } = kept.record
        faults.push([fault, target, after(from), until === null ? null : after(until)])
      }
    }
  return {
    ...place,
    base,
    lanes: lanes.rows,
    runs: runs.rows,
    epochs: epochs.rows,
    updates,
    deliveries,
    exchanges,
    faults
  }
}

function laneIndex(lanes: Table<LaneRow>, record: { source: string; model: Model; stream: string }): number {
  const { source, model, stream } = record
  return lanes.index(JSON.stringify([source, model, stream]), [source, model, stream])
}
