import type { Bytes, Ms } from '../units.js'

/** Bounds of an embedded broker besides connections and packet size; each one that bites is counted under its name. */
export interface BrokerLimits {
  /** A peer that has not completed its CONNECT (TLS and WebSocket handshakes included) by then is cut off. @default 10000 */
  readonly connectTimeoutMs: Ms
  /** Largest CONNECT, and all that is buffered of a peer before it is let in. @default 65536 */
  readonly maxConnectBytes: Bytes
  /**
   * Bytes that may wait for one client from one turn of the event loop to the next. Above it a QoS 0 message
   * to that client is dropped, and a client that is owed QoS 1 or 2 is disconnected. @default 1048576
   */
  readonly clientBufferBytes: Bytes
  /** A client above `clientBufferBytes` that took nothing for so long is disconnected. @default 30000 */
  readonly stallTimeoutMs: Ms
  /** Longest that a publisher waits for a subscriber whose socket is full, once, until that subscriber reads again. @default 100 */
  readonly drainWaitMs: Ms
  /** Messages kept for one persistent session; the oldest go first. @default 10000 */
  readonly sessionMessages: number
  /** Payload and topic bytes kept for one persistent session. @default 16777216 */
  readonly sessionBytes: Bytes
  /** Persistent sessions; past it the one that has been offline longest is forgotten. @default 10000 */
  readonly maxSessions: number
  /** A persistent session that was offline for so long is forgotten. @default 86400000 */
  readonly sessionExpiryMs: Ms
  /** Filters of one client; more are refused (0x80). @default 10000 */
  readonly clientSubscriptions: number
  /** Retained messages; the topics of our own streams are always kept. @default 10000 */
  readonly retainedMessages: number
  /** Payload and topic bytes of all retained messages. @default 67108864 */
  readonly retainedBytes: Bytes
}

export const DEFAULT_LIMITS: BrokerLimits = {
  connectTimeoutMs: 10_000,
  maxConnectBytes: 65_536,
  clientBufferBytes: 1_048_576,
  stallTimeoutMs: 30_000,
  drainWaitMs: 100,
  sessionMessages: 10_000,
  sessionBytes: 16_777_216,
  maxSessions: 10_000,
  sessionExpiryMs: 86_400_000,
  clientSubscriptions: 10_000,
  retainedMessages: 10_000,
  retainedBytes: 67_108_864
}
