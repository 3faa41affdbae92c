import type { Bytes, EpochMs, Ms } from '../units.js'
import type { Model, Read } from './delivery.js'
import type { Qos } from './update.js'

export type ExchangeKind = 'poll' | 'connection' | 'traffic'
export type Outcome =
  | 'updated'
  | 'empty'
  | 'not-modified'
  | 'error'
  | 'timeout'
  | 'throttled'
  | 'skipped'
  | 'connected'
  | 'disconnected'
  | 'traffic'
export type Trigger = 'interval' | 'long-poll' | 'adaptive' | 'input'

/** What is in force at a source; null where it does not apply to its model. */
export interface SourceSettings {
  readonly trigger: Trigger | null
  readonly read: Read
  /** The configured one; of an adaptive lane its steps are no change of settings. */
  readonly intervalMs: Ms | null
  /** Bounds of an adaptive interval; absent where there is none. */
  readonly minIntervalMs?: Ms
  readonly maxIntervalMs?: Ms
  readonly waitMs: Ms | null
  readonly qos: Qos | null
  readonly session: 'clean' | 'persistent' | null
  /** HTTP: true/false; push: null. */
  readonly keepAlive: boolean | null
  readonly tls: boolean
}

/** Cumulative since `since`; consumers take differences. */
export interface SourceTotals {
  /** Connections opened. */
  readonly connections: number
  readonly reconnects: number
  /** Connections open now: a gauge. */
  readonly open: number
  readonly requests: number
  readonly empty: number
  readonly notModified: number
  readonly errors: number
  readonly timeouts: number
  readonly throttled: number
  readonly skipped: number
  /** New updates delivered. */
  readonly updates: number
  readonly bytesSent: Bytes
  readonly bytesReceived: Bytes
}

/** What a run begins with. */
export const NO_TOTALS: SourceTotals = {
  connections: 0,
  reconnects: 0,
  open: 0,
  requests: 0,
  empty: 0,
  notModified: 0,
  errors: 0,
  timeouts: 0,
  throttled: 0,
  skipped: 0,
  updates: 0,
  bytesSent: 0,
  bytesReceived: 0
}

/** Cumulative figures of an embedded server, carried on over restarts of its thread. */
export interface ServerTotals {
  /** Node id of its config node; absent in what no config node tells. */
  readonly id?: string
  /** When they were sampled. */
  readonly at: EpochMs
  readonly since: EpochMs
  /** Event loop active time of the thread. */
  readonly busyMs: Ms
  /** CPU time of the thread; null where the platform does not tell. */
  readonly cpuMs: Ms | null
  /** Open now: a gauge. */
  readonly connections: number
  /** Messages dropped because a client's buffer or queue was full. */
  readonly dropped: number
  /** Connections or requests refused by a limit or by lack of credentials. */
  readonly refused: number
  /** Sessions, updates or messages that expired. */
  readonly expired: number
  /** Updates accepted. */
  readonly updates: number
}

/** Offset of a remote clock; null when unknown. */
export interface ClockOffset {
  readonly offsetMs: Ms
  readonly errorMs: Ms
}

/** The cost records that ride on an exchange, and at most once a second on a delivery's message. */
export interface SourceReport {
  readonly settings: SourceSettings
  readonly totals: SourceTotals
  /** Null for an external server. */
  readonly server: ServerTotals | null
}

/** One request, connection event or slice of traffic, and its cost: `msg.exchange` (CONTRACT 4). */
export interface Exchange extends SourceReport {
  readonly id: string
  readonly model: Model
  readonly source: string
  readonly sourceName: string
  /** The configured stream or topic filter. */
  readonly stream: string
  readonly kind: ExchangeKind
  readonly outcome: Outcome
  readonly dueAt: EpochMs | null
  readonly startedAt: EpochMs
  readonly endedAt: EpochMs
  readonly statusCode: number | null
  readonly code: string | null
  /** New updates that it brought. */
  readonly updates: number
  readonly bytesSent: Bytes
  readonly bytesReceived: Bytes
  readonly clock: ClockOffset | null
  readonly since: EpochMs
  /** The source's schedule is paused; absent while it is not. */
  readonly paused?: boolean
}
