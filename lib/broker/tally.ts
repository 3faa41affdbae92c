import type { ServerCounters } from '../thread/thread-server.js'

/** Every way in which the broker turns something away, by stable name, and what it counts as. */
const KINDS = {
  maxConnections: 'refused',
  descriptors: 'refused',
  acceptFailed: 'refused',
  connectTimeoutMs: 'refused',
  maxConnectBytes: 'refused',
  maxPacketBytes: 'refused',
  tlsHandshake: 'refused',
  foreignOrigin: 'refused',
  webSocket: 'refused',
  mqtt5: 'refused',
  clientId: 'refused',
  credentials: 'refused',
  malformed: 'refused',
  sharedSubscription: 'refused',
  clientSubscriptions: 'refused',
  reservedTopic: 'dropped',
  clientBufferBytes: 'dropped',
  sessionMessages: 'dropped',
  sessionBytes: 'dropped',
  retainedMessages: 'dropped',
  retainedBytes: 'dropped',
  slowClient: 'seen',
  stallTimeoutMs: 'seen',
  unacknowledged: 'seen',
  protocolError: 'seen',
  keepAlive: 'seen',
  foreignPublish: 'seen',
  maxSessions: 'expired',
  sessionExpiryMs: 'expired'
} as const

/** Stable name of a limit or rule that bit. */
export type LimitName = keyof typeof KINDS

/** Counts what limits and rules of the broker turned away. */
export class Tally {
  readonly #counts = new Map<LimitName, number>()

  add(name: LimitName, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count)
  }

  /** Sums by kind, and each limit that bit by its name. */
  counters(): Pick<ServerCounters, 'dropped' | 'refused' | 'expired' | 'limits'> {
    const sums = { dropped: 0, refused: 0, expired: 0, seen: 0 }
    for (const [name, count] of this.#counts) sums[KINDS[name]] += count
    const { dropped, refused, expired } = sums
    return { dropped, refused, expired, limits: Object.fromEntries(this.#counts) }
  }
}
