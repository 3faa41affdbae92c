import type { ConnectionOptions } from 'node:tls'
import type { Clock } from '../clock.js'
import type { Bytes, EpochMs, Ms } from '../units.js'
import type { Read } from '../update/delivery.js'
import type { ClockOffset } from '../update/exchange.js'
import type { HttpCarrier } from './client.js'
import type { Cursor } from './cursor.js'
import type { Batch, OnAnswer } from './poll-run.js'
import type { hopMaker } from './redirects.js'
import type { Tally } from './tally.js'

/** What all polls of one poller have in common. */
export interface PollRunOptions {
  readonly clock: Clock
  readonly client: HttpCarrier
  readonly tally: Tally
  readonly source: string
  readonly sourceName: string
  readonly read: Read
  /** An answer's clock is ours: the server runs in this process. */
  readonly sameClock: boolean
  /** The clock of a feed on another host, as it tells it itself; null while that is not known. */
  serverClock(): ClockOffset | null
  readonly timeoutMs: Ms
  readonly maxBodyBytes: Bytes
  readonly onAnswer: OnAnswer | undefined
}

/** What all polls of one target have in common. */
export interface PollPlan {
  readonly stream: string
  readonly tls: ConnectionOptions | undefined
  readonly firstHop: ReturnType<typeof hopMaker>
  /** The configured authentication header, lower case; '' for none. */
  readonly secretHeader: string
}

/** What one poll has for itself. */
export interface PollOccasion {
  /** The instant it was planned for; null when nobody planned it. */
  readonly dueAt: EpochMs | null
  onCursor(cursor: Cursor): void
  onBatch(batch: Batch): void
}
