import type { DeliveryErrorCode } from '../errors.js'
import type { HandedUpdate } from '../update/update.js'

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** The WebSocket port of a broker; null when there is none. */
  readonly wsPort: number | null
}

/** Cumulative counts of a server inside its thread; the gauges say so. All are plain numbers: they cross threads. */
export interface ServerCounters {
  /** Open now: a gauge. */
  readonly connections: number
  readonly dropped: number
  readonly refused: number
  readonly expired: number
  readonly updates: number
  /** Each limit that bit, by its stable name, for people: `GET delivery/server/<id>`. */
  readonly limits: Readonly<Record<string, number>>
}

/** Something that people should read about, rate-limited by the server: one line in the log and a Catch error. */
export interface ServerNotice {
  readonly code: DeliveryErrorCode
  readonly message: string
}

/**
 * A server that can run in a thread of its own. `startBroker` and `startFeed` open one each
 * and return it once it listens; options are structured-cloneable.
 */
export interface ThreadServer {
  readonly address: ListenAddress
  /** Makes streams known before their first update. */
  declare(streams: readonly string[]): void
  /** Takes one update; in call order per stream. @throws DeliveryError */
  accept(update: HandedUpdate): void | Promise<void>
  counters(): ServerCounters
  /**
   * Frees the port and destroys every connection; everything else goes on: updates are taken, sessions and log stay.
   * Resolves once nobody can reach it; idempotent.
   */
  goAway(): Promise<void>
  /**
   * Listens again after `goAway`; then `address` is where.
   * @throws DeliveryError `PORT_IN_USE` | `LISTEN_FAILED`; it is still away then
   */
  comeBack(ports: Pick<ListenAddress, 'port' | 'wsPort'>): Promise<void>
  /** Ends every connection and frees the port; idempotent. */
  close(): Promise<void>
}

/** What every embedded server is started with; brokers and feeds add their own. */
export interface ThreadServerOptions {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** A broker's WebSocket port, 0 = any free port; null or absent = none. */
  readonly wsPort?: number | null
  /** Structured-cloneable options for `tls.createServer`; null = plain. */
  readonly tls: ServerTls | null
  /** Let in clients without credentials. */
  readonly anonymous: boolean
  /** Streams known from the start, before the server listens. */
  readonly streams: readonly string[]
  /** The last update of each stream, after a thread died: `/latest` and retained messages. */
  readonly last: readonly HandedUpdate[]
}

export interface ServerTls {
  readonly key?: string
  readonly cert?: string
  readonly ca?: string
  readonly passphrase?: string
}

/** Opens a server; in the thread it is given `notify` to report to people. */
export type StartServer<Options extends ThreadServerOptions> = (
  options: Options,
  notify: (notice: ServerNotice) => void
) => Promise<ThreadServer>
