import type { EpochMs } from '../units.js'

/** MQTT quality of service. */
export type Qos = 0 | 1 | 2

/** One new value of a stream, stamped once by its origin: `msg.update` (CONTRACT 4). Carries no payload. */
export interface Update {
  readonly stream: string
  /** Node id of the origin. */
  readonly origin: string
  /** `<epoch>-<sequence, 12 digits>` */
  readonly id: string
  /** Start of the origin: 11 base-36 digits of µs since 1970, then 4 random ones. Sorts by start. */
  readonly epoch: string
  /** From 1, without gaps within an epoch. */
  readonly sequence: number
  readonly generatedAt: EpochMs
  /** When it was meant to be generated; null when nobody planned it. */
  readonly dueAt: EpochMs | null
  /** Replay speed; null when not replayed. */
  readonly speed: number | null
}

/** An update on its way into a server: the same bytes for both models. Crosses threads. */
export interface HandedUpdate {
  readonly stream: string
  readonly id: string
  readonly epoch: string
  readonly sequence: number
  readonly generatedAt: EpochMs
  /** The CloudEvent in JSON event format, UTF-8 (CONTRACT 1). */
  readonly body: Uint8Array
  /** Push only. */
  readonly qos: Qos
  /** Push only. */
  readonly retain: boolean
}
