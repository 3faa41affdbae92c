import { descriptorLimit } from '../thread/descriptor-limit.js'
import type { Bytes, Ms } from '../units.js'

/**
 * What one feed server lets its clients use. Each limit that bites is counted under the name of its field
 * (`counters().limits`), and `maxConnections` of the options under `connections`.
 */
export interface FeedLimits {
  /** Long polls held at one time; the next one is answered 503 with `Retry-After`. @default 10000 */
  readonly heldRequests: number
  /** Request line and header fields of one request; more is answered 431. @default 16384 */
  readonly headerBytes: Bytes
  /** From the first byte of a connection or request to the end of its header: slow loris; then 408. @default 10000 */
  readonly headerMs: Ms
  /** From the first byte of a request to the end of its body; then 408. @default 20000 */
  readonly requestMs: Ms
  /** Body of a request that is refused anyway, read so that its sender sees the answer; more ends the connection. @default 65536 */
  readonly bodyBytes: Bytes
  /** An answer of which the client has not taken a byte for so long ends the connection. @default 30000 */
  readonly sendMs: Ms
  /** Answers waiting for one client that does not read; more ends its connection. @default 16777216 */
  readonly waitingBytes: Bytes
  /** Answers waiting for all clients together; the client that goes beyond it is dropped. @default 134217728 */
  readonly totalWaitingBytes: Bytes
  /** Updates kept per stream, in bytes; the newest one is always kept. @default 16777216 */
  readonly historyBytes: Bytes
  /** One page of `/feeds`; at least one update is in it. Below 10 MiB, the usual bound of a reader. @default 8388608 */
  readonly pageBytes: Bytes
  /** Streams of one server; updates of further ones are refused (`STREAM_LIMIT`). @default 2000 */
  readonly streams: number
  /**
   * Highest file descriptor that a client may have; at the limit of the process nothing in it works any more.
   * @default the soft limit of the process less 32, on Linux; none elsewhere
   */
  readonly descriptors: number
}

/** The documented defaults. */
export const FEED_LIMITS: FeedLimits = {
  heldRequests: 10_000,
  headerBytes: 16_384,
  headerMs: 10_000,
  requestMs: 20_000,
  bodyBytes: 65_536,
  sendMs: 30_000,
  waitingBytes: 16 * 1024 * 1024,
  totalWaitingBytes: 128 * 1024 * 1024,
  historyBytes: 16 * 1024 * 1024,
  pageBytes: 8 * 1024 * 1024,
  streams: 2000,
  descriptors: descriptorLimit() - 32
}

/** A limit by the name that it is counted under. */
export type FeedLimitName = keyof FeedLimits | 'connections'
