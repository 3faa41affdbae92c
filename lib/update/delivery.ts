import type { EpochMs, Ms } from '../units.js'

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
  /** `receivedAt − generatedAt`, negative values kept. */
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
  /** Start of this run of the source. */
  readonly since: EpochMs
}
