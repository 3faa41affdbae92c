import type { EpochMs, Ms } from '../units.js'
import type { ClockOffset } from './exchange.js'

export type Model = 'push' | 'pull'
export type Read = 'latest' | 'log' | 'push'

/** The arrival of one update at one consumer: `msg.delivery` (CONTRACT 4). Null where nothing is known. */
export interface Delivery {
  readonly model: Model
  /** Node id of the source. */
  readonly source: string
  readonly sourceName: string
  readonly stream: string
  readonly read: Read
  /** The exchange that brought it; null for push. */
  readonly exchangeId: string | null
  readonly id: string | null
  readonly epoch: string | null
  readonly sequence: number | null
  readonly generatedAt: EpochMs | null
  readonly receivedAt: EpochMs
  /** `receivedAt − generatedAt` as both were stamped, negative values kept; `clock` says what that is worth. */
  readonly latencyMs: Ms | null
  /** What `valueProperty` found; null without one. */
  readonly value: unknown
  readonly subject: string | null
  /** It came as a retained message. */
  readonly retained: boolean
  /** Generated before `since`: counts for age, never for latency. */
  readonly catchUp: boolean
  readonly duplicate: boolean
  /** True when `generatedAt` was written without a zone and is taken for UTC (flag `TIME_ZONE_MISSING`); else absent. */
  readonly timeZoneMissing?: boolean
  /**
   * The clock that stamped `generatedAt` against the one that stamped `receivedAt`, where they are of two hosts and
   * the server told its own by `/clock`: `generatedAt − offsetMs` is the instant by the clock here. Else absent.
   */
  readonly clock?: ClockOffset
  /** Start of this run of the source. */
  readonly since: EpochMs
}
