import type { Duplex } from 'node:stream'
import type { Bytes } from '../units.js'

/**
 * Sends all that one turn of the event loop writes to a connection in one system call. Aedes corks and uncorks a
 * connection for every packet; here the first cork of a turn holds until one `setImmediate` for all connections.
 */
export class WriteCoalescer {
  #corked: Duplex[] = []
  /** What waited in a connection before this turn began to write to it. */
  readonly #waitingBefore = new WeakMap<Duplex, Bytes>()

  /** Takes over corking of `connection`. */
  adopt(connection: Duplex): void {
    const cork = connection.cork.bind(connection)
    const uncork = connection.uncork.bind(connection)
    const end = connection.end.bind(connection)
    connection.cork = () => {
      if (connection.writableCorked > 0) return
      this.#waitingBefore.set(connection, connection.writableLength)
      cork()
      if (this.#corked.push(connection) === 1) setImmediate(() => this.#flush())
    }
    connection.uncork = () => {}
    // `end` uncorks by itself, through the method that does nothing now
    connection.end = ((...args: Parameters<Duplex['end']>) => {
      uncork()
      return end(...args)
    }) as Duplex['end']
    this.#uncorks.set(connection, uncork)
  }

  /** Bytes that wait in `connection` since before this turn: what it had the chance to take and did not. */
  waiting(connection: Duplex): Bytes {
    return connection.writableCorked > 0
      ? (this.#waitingBefore.get(connection) ?? 0)
      : connection.writableLength
  }

  readonly #uncorks = new WeakMap<Duplex, () => void>()

  #flush(): void {
    const corked = this.#corked
    this.#corked = []
    for (const connection of corked) this.#uncorks.get(connection)?.()
  }
}
