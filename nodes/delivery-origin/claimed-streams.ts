import type { Node } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { BrokerNode, FeedNode } from '../shared/server-node.js'

const MOST_STREAMS = 1000

/** The streams that one origin has taken, each on all of its servers or on none. */
export interface ClaimedStreams {
  /**
   * Takes a stream, unless it has it already, and makes it known to the servers.
   * @throws DeliveryError `STREAM_TAKEN`, `STREAM_LIMIT`
   */
  take(stream: string): void
  /** Gives all of them back; idempotent. */
  close(): void
}

export function claimedStreams(servers: readonly (BrokerNode | FeedNode)[], origin: Node): ClaimedStreams {
  const releases = new Map<string, readonly (() => void)[]>()
  return {
    take(stream) {
      if (releases.has(stream)) return
      if (releases.size >= MOST_STREAMS)
        throw new DeliveryError(
          'STREAM_LIMIT',
          `Expected at most ${MOST_STREAMS} streams, found ${stream} too`
        )
      const taken: (() => void)[] = []
      try {
        for (const server of servers) taken.push(server.claim(stream, origin))
      } catch (error) {
        for (const release of taken) release()
        throw error
      }
      releases.set(stream, taken)
      for (const server of servers) server.declare(stream)
    },
    close() {
      for (const taken of releases.values()) for (const release of taken) release()
      releases.clear()
    }
  }
}
